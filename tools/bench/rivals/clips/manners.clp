; Miss Manners: seats guests so that neighbours are of different sex and share a hobby. The same rules, in the same order, as
; programs/manners.rules.

(deftemplate Context (slot phase))
(deftemplate Guest (slot name) (slot sex) (slot hobby))
(deftemplate LastSeat (slot seat))
(deftemplate Count (slot value))
(deftemplate Seating (slot id) (slot parent) (slot leftSeat) (slot leftGuest) (slot rightSeat) (slot rightGuest) (slot pathDone))
(deftemplate Path (slot id) (slot seat) (slot guest))
(deftemplate Chosen (slot id) (slot guest) (slot hobby))

(defrule assignFirstSeat
  ?context <- (Context (phase "start"))
  (Guest (name ?name))
  ?count <- (Count (value ?c))
  =>
  (assert (Seating (id ?c) (parent 0) (leftSeat 1) (leftGuest ?name) (rightSeat 1) (rightGuest ?name) (pathDone TRUE)))
  (assert (Path (id ?c) (seat 1) (guest ?name)))
  (modify ?count (value (+ ?c 1)))
  (modify ?context (phase "assign")))

(defrule findSeating
  ?context <- (Context (phase "assign"))
  (Seating (id ?id) (rightSeat ?seat) (rightGuest ?right) (pathDone TRUE))
  (Guest (name ?right) (sex ?sex) (hobby ?hobby))
  (Guest (name ?guest) (sex ~?sex) (hobby ?hobby))
  ?count <- (Count (value ?c))
  (not (Path (id ?id) (guest ?guest)))
  (not (Chosen (id ?id) (guest ?guest) (hobby ?hobby)))
  =>
  (assert (Seating (id ?c) (parent ?id) (leftSeat ?seat) (leftGuest ?right) (rightSeat (+ ?seat 1)) (rightGuest ?guest) (pathDone FALSE)))
  (assert (Path (id ?c) (seat (+ ?seat 1)) (guest ?guest)))
  (assert (Chosen (id ?id) (guest ?guest) (hobby ?hobby)))
  (modify ?count (value (+ ?c 1)))
  (modify ?context (phase "path")))

(defrule makePath
  (Context (phase "path"))
  (Seating (id ?id) (parent ?parent) (pathDone FALSE))
  (Path (id ?parent) (seat ?seat) (guest ?guest))
  (not (Path (id ?id) (guest ?guest)))
  =>
  (assert (Path (id ?id) (seat ?seat) (guest ?guest))))

(defrule pathDone
  (declare (salience -10))
  ?context <- (Context (phase "path"))
  ?seating <- (Seating (pathDone FALSE))
  =>
  (modify ?seating (pathDone TRUE))
  (modify ?context (phase "check")))

(defrule areWeDone
  ?context <- (Context (phase "check"))
  (LastSeat (seat ?seat))
  (Seating (rightSeat ?seat))
  =>
  (modify ?context (phase "print")))

(defrule goOn
  (declare (salience -10))
  ?context <- (Context (phase "check"))
  =>
  (modify ?context (phase "assign")))

(defrule printResults
  (Context (phase "print"))
  (Seating (id ?id) (rightSeat ?seat))
  (LastSeat (seat ?seat))
  ?path <- (Path (id ?id))
  =>
  (retract ?path))

(defrule allDone
  (declare (salience -10))
  (Context (phase "print"))
  =>
  (halt))
