; WaltzDB: labels the lines of a drawing of blocks with the help of a table of legal labels. The same rules, in the same order, as
; programs/waltzdb.rules.

(deftemplate Stage (slot value))
(deftemplate Line (slot p1) (slot p2))
(deftemplate Edge (slot p1) (slot p2) (slot joined (default FALSE)))
(deftemplate EdgeLabel (slot p1) (slot p2) (slot name) (slot id))
(deftemplate Junction (slot kind) (slot name) (slot base) (slot p1) (slot p2) (slot p3 (default -1)) (slot visited (default "no")))
(deftemplate Label (slot kind) (slot name) (slot id) (slot n1) (slot n2) (slot n3 (default "")))
(deftemplate Illegal (slot base) (slot id))

; Twice the signed area between the ways from one point to two others. A point is a number: 10,000 x + y.
(deffunction turn (?base ?a ?b)
  (- (* (- (div ?a 10000) (div ?base 10000)) (- (mod ?b 10000) (mod ?base 10000)))
     (* (- (mod ?a 10000) (mod ?base 10000)) (- (div ?b 10000) (div ?base 10000)))))

; Whether the way to `middle` lies between those to `a` and `b`.
(deffunction between (?base ?a ?middle ?b)
  (> (* (turn ?base ?a ?middle) (turn ?base ?middle ?b)) 0))

(deffunction kindOf (?base ?a ?b ?c)
  (if (or (= 0 (turn ?base ?a ?b)) (= 0 (turn ?base ?b ?c)) (= 0 (turn ?base ?a ?c))) then (return "tee"))
  (if (and (between ?base ?a ?b ?c) (between ?base ?b ?c ?a)) then "fork" else "arrow"))

(deffunction shaftOf (?base ?a ?b ?c)
  (if (between ?base ?b ?a ?c) then ?a
   else (if (between ?base ?a ?b ?c) then ?b else ?c)))

(deffunction firstBarb (?shaft ?a ?b)
  (if (= ?shaft ?a) then ?b else ?a))

(deffunction lastBarb (?shaft ?b ?c)
  (if (= ?shaft ?c) then ?b else ?c))

(defrule reverseEdges
  (Stage (value "duplicate"))
  ?line <- (Line (p1 ?p1) (p2 ?p2))
  =>
  (assert (Edge (p1 ?p1) (p2 ?p2)))
  (assert (Edge (p1 ?p2) (p2 ?p1)))
  (retract ?line))

(defrule doneReversing
  (declare (salience -10))
  ?stage <- (Stage (value "duplicate"))
  (not (Line))
  =>
  (modify ?stage (value "detectJunctions")))

(defrule make3Junction
  (declare (salience 10))
  (Stage (value "detectJunctions"))
  ?a <- (Edge (p1 ?base) (p2 ?p1) (joined FALSE))
  ?b <- (Edge (p1 ?base) (p2 ?p2&~?p1) (joined FALSE))
  ?c <- (Edge (p1 ?base) (p2 ?p3&~?p1&~?p2) (joined FALSE))
  =>
  (bind ?shaft (shaftOf ?base ?p1 ?p2 ?p3))
  (assert (Junction (kind "3j") (name (kindOf ?base ?p1 ?p2 ?p3)) (base ?base) (p1 (firstBarb ?shaft ?p1 ?p2)) (p2 ?shaft) (p3 (lastBarb ?shaft ?p2 ?p3))))
  (modify ?a (joined TRUE))
  (modify ?b (joined TRUE))
  (modify ?c (joined TRUE)))

(defrule makeL
  (Stage (value "detectJunctions"))
  ?a <- (Edge (p1 ?base) (p2 ?p1) (joined FALSE))
  ?b <- (Edge (p1 ?base) (p2 ?p2&~?p1) (joined FALSE))
  (not (Edge (p1 ?base) (p2 ~?p1&~?p2)))
  =>
  (assert (Junction (kind "2j") (name "L") (base ?base) (p1 ?p1) (p2 ?p2)))
  (modify ?a (joined TRUE))
  (modify ?b (joined TRUE)))

(defrule doneDetecting
  (declare (salience -10))
  ?stage <- (Stage (value "detectJunctions"))
  =>
  (modify ?stage (value "findInitialBoundary")))

(defrule initialBoundaryL
  ?stage <- (Stage (value "findInitialBoundary"))
  ?junction <- (Junction (kind "2j") (base ?base) (p1 ?p1) (p2 ?p2))
  (Edge (p1 ?base) (p2 ?p1))
  (Edge (p1 ?base) (p2 ?p2))
  (not (Junction (base ?other&:(> ?other ?base))))
  =>
  (modify ?junction (visited "yes"))
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name "B") (id 1)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name "B") (id 1)))
  (modify ?stage (value "findSecondBoundary")))

(defrule initialBoundaryArrow
  ?stage <- (Stage (value "findInitialBoundary"))
  ?junction <- (Junction (kind "3j") (name "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p1))
  (Edge (p1 ?base) (p2 ?p2))
  (Edge (p1 ?base) (p2 ?p3))
  (not (Junction (base ?other&:(> ?other ?base))))
  =>
  (modify ?junction (visited "yes"))
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name "B") (id 14)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name "+") (id 14)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p3) (name "B") (id 14)))
  (modify ?stage (value "findSecondBoundary")))

(defrule secondBoundaryL
  ?stage <- (Stage (value "findSecondBoundary"))
  ?junction <- (Junction (kind "2j") (base ?base) (p1 ?p1) (p2 ?p2))
  (Edge (p1 ?base) (p2 ?p1))
  (Edge (p1 ?base) (p2 ?p2))
  (not (Junction (base ?other&:(< ?other ?base))))
  =>
  (modify ?junction (visited "yes"))
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name "B") (id 1)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name "B") (id 1)))
  (modify ?stage (value "labeling")))

(defrule secondBoundaryArrow
  ?stage <- (Stage (value "findSecondBoundary"))
  ?junction <- (Junction (kind "3j") (name "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p1))
  (Edge (p1 ?base) (p2 ?p2))
  (Edge (p1 ?base) (p2 ?p3))
  (not (Junction (base ?other&:(< ?other ?base))))
  =>
  (modify ?junction (visited "yes"))
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name "B") (id 14)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name "+") (id 14)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p3) (name "B") (id 14)))
  (modify ?stage (value "labeling")))

(defrule startVisit3
  ?stage <- (Stage (value "labeling"))
  ?junction <- (Junction (kind "3j") (visited "no"))
  =>
  (modify ?stage (value "visiting3"))
  (modify ?junction (visited "now")))

(defrule visit3_0
  (Stage (value "visiting3"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2) (n3 ?n3))
  (EdgeLabel (p1 ?p1) (p2 ?base) (name ?n1))
  (EdgeLabel (p1 ?p2) (p2 ?base) (name ?n2))
  (EdgeLabel (p1 ?p3) (p2 ?base) (name ?n3))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p3) (name ?n3) (id ?id))))

(defrule visit3_1
  (Stage (value "visiting3"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2) (n3 ?n3))
  (not (EdgeLabel (p1 ?p1) (p2 ?base)))
  (EdgeLabel (p1 ?p2) (p2 ?base) (name ?n2))
  (EdgeLabel (p1 ?p3) (p2 ?base) (name ?n3))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p3) (name ?n3) (id ?id))))

(defrule visit3_2
  (Stage (value "visiting3"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2) (n3 ?n3))
  (EdgeLabel (p1 ?p1) (p2 ?base) (name ?n1))
  (not (EdgeLabel (p1 ?p2) (p2 ?base)))
  (EdgeLabel (p1 ?p3) (p2 ?base) (name ?n3))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p3) (name ?n3) (id ?id))))

(defrule visit3_3
  (Stage (value "visiting3"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2) (n3 ?n3))
  (not (EdgeLabel (p1 ?p1) (p2 ?base)))
  (not (EdgeLabel (p1 ?p2) (p2 ?base)))
  (EdgeLabel (p1 ?p3) (p2 ?base) (name ?n3))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p3) (name ?n3) (id ?id))))

(defrule visit3_4
  (Stage (value "visiting3"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2) (n3 ?n3))
  (EdgeLabel (p1 ?p1) (p2 ?base) (name ?n1))
  (EdgeLabel (p1 ?p2) (p2 ?base) (name ?n2))
  (not (EdgeLabel (p1 ?p3) (p2 ?base)))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p3) (name ?n3) (id ?id))))

(defrule visit3_5
  (Stage (value "visiting3"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2) (n3 ?n3))
  (not (EdgeLabel (p1 ?p1) (p2 ?base)))
  (EdgeLabel (p1 ?p2) (p2 ?base) (name ?n2))
  (not (EdgeLabel (p1 ?p3) (p2 ?base)))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p3) (name ?n3) (id ?id))))

(defrule visit3_6
  (Stage (value "visiting3"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2) (n3 ?n3))
  (EdgeLabel (p1 ?p1) (p2 ?base) (name ?n1))
  (not (EdgeLabel (p1 ?p2) (p2 ?base)))
  (not (EdgeLabel (p1 ?p3) (p2 ?base)))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p3) (name ?n3) (id ?id))))

(defrule visit3_7
  (Stage (value "visiting3"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2) (n3 ?n3))
  (not (EdgeLabel (p1 ?p1) (p2 ?base)))
  (not (EdgeLabel (p1 ?p2) (p2 ?base)))
  (not (EdgeLabel (p1 ?p3) (p2 ?base)))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p3) (name ?n3) (id ?id))))

(defrule startVisit2
  ?stage <- (Stage (value "labeling"))
  ?junction <- (Junction (kind "2j") (visited "no"))
  =>
  (modify ?stage (value "visiting2"))
  (modify ?junction (visited "now")))

(defrule visit2_0
  (Stage (value "visiting2"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2))
  (EdgeLabel (p1 ?p1) (p2 ?base) (name ?n1))
  (EdgeLabel (p1 ?p2) (p2 ?base) (name ?n2))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id))))

(defrule visit2_1
  (Stage (value "visiting2"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2))
  (not (EdgeLabel (p1 ?p1) (p2 ?base)))
  (EdgeLabel (p1 ?p2) (p2 ?base) (name ?n2))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id))))

(defrule visit2_2
  (Stage (value "visiting2"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2))
  (EdgeLabel (p1 ?p1) (p2 ?base) (name ?n1))
  (not (EdgeLabel (p1 ?p2) (p2 ?base)))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id))))

(defrule visit2_3
  (Stage (value "visiting2"))
  (Junction (name ?n) (base ?base) (p1 ?p1) (p2 ?p2) (visited "now"))
  (Label (name ?n) (id ?id) (n1 ?n1) (n2 ?n2))
  (not (EdgeLabel (p1 ?p1) (p2 ?base)))
  (not (EdgeLabel (p1 ?p2) (p2 ?base)))
  (not (EdgeLabel (p1 ?base) (id ?id)))
  =>
  (assert (EdgeLabel (p1 ?base) (p2 ?p1) (name ?n1) (id ?id)))
  (assert (EdgeLabel (p1 ?base) (p2 ?p2) (name ?n2) (id ?id))))

(defrule endVisit
  (declare (salience -10))
  ?stage <- (Stage (value "visiting2"|"visiting3"))
  (Junction (visited "now"))
  =>
  (modify ?stage (value "marking")))

(defrule mark
  (Stage (value "marking"))
  (Junction (base ?base) (visited "now"))
  (Edge (p1 ?p) (p2 ?base))
  ?neighbour <- (Junction (base ?p) (visited "yes"))
  =>
  (modify ?neighbour (visited "check")))

(defrule stopMarking
  (declare (salience -10))
  (Stage (value "marking"))
  ?junction <- (Junction (visited "now"))
  =>
  (modify ?junction (visited "yes")))

(defrule startChecking
  (declare (salience -20))
  ?stage <- (Stage (value "marking"))
  =>
  (modify ?stage (value "checking")))

(defrule check
  ?stage <- (Stage (value "checking"))
  (Junction (base ?base) (visited "check"))
  (EdgeLabel (p1 ?base) (p2 ?p) (name ?n) (id ?id))
  (Junction (base ?p) (visited "yes"))
  (not (EdgeLabel (p1 ?p) (p2 ?base) (name ?n)))
  =>
  (modify ?stage (value "removeLabel"))
  (assert (Illegal (base ?base) (id ?id))))

(defrule removeLabel3
  ?stage <- (Stage (value "removeLabel"))
  ?illegal <- (Illegal (base ?base) (id ?id))
  (Junction (kind "3j") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  ?a <- (EdgeLabel (p1 ?base) (p2 ?p1) (id ?id))
  ?b <- (EdgeLabel (p1 ?base) (p2 ?p2) (id ?id))
  ?c <- (EdgeLabel (p1 ?base) (p2 ?p3) (id ?id))
  =>
  (modify ?stage (value "checking"))
  (retract ?illegal ?a ?b ?c))

(defrule removeLabel2
  ?stage <- (Stage (value "removeLabel"))
  ?illegal <- (Illegal (base ?base) (id ?id))
  (Junction (kind "2j") (base ?base) (p1 ?p1) (p2 ?p2))
  ?a <- (EdgeLabel (p1 ?base) (p2 ?p1) (id ?id))
  ?b <- (EdgeLabel (p1 ?base) (p2 ?p2) (id ?id))
  =>
  (modify ?stage (value "checking"))
  (retract ?illegal ?a ?b))

(defrule checked
  (declare (salience -10))
  (Stage (value "checking"))
  ?junction <- (Junction (visited "check"))
  =>
  (modify ?junction (visited "yes")))

(defrule stopChecking
  (declare (salience -20))
  ?stage <- (Stage (value "checking"))
  =>
  (modify ?stage (value "labeling")))

(defrule doneLabeling
  (declare (salience -10))
  ?stage <- (Stage (value "labeling"))
  =>
  (modify ?stage (value "printing")))

(defrule done
  (Stage (value "printing"))
  =>
  (halt))
