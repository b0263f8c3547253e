; Waltz: labels the lines of a drawing of blocks. The same rules, in the same order, as programs/waltz.rules.

(deftemplate Stage (slot value))
(deftemplate Line (slot p1) (slot p2))
(deftemplate Edge (slot p1) (slot p2) (slot joined (default FALSE)) (slot label (default "")) (slot plotted (default FALSE)))
(deftemplate Junction (slot kind) (slot base) (slot p1) (slot p2) (slot p3 (default -1)))

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
  (assert (Junction (kind (kindOf ?base ?p1 ?p2 ?p3)) (base ?base) (p1 (firstBarb ?shaft ?p1 ?p2)) (p2 ?shaft) (p3 (lastBarb ?shaft ?p2 ?p3))))
  (modify ?a (joined TRUE))
  (modify ?b (joined TRUE))
  (modify ?c (joined TRUE)))

(defrule makeL
  (Stage (value "detectJunctions"))
  ?a <- (Edge (p1 ?base) (p2 ?p1) (joined FALSE))
  ?b <- (Edge (p1 ?base) (p2 ?p2&~?p1) (joined FALSE))
  (not (Edge (p1 ?base) (p2 ~?p1&~?p2)))
  =>
  (assert (Junction (kind "L") (base ?base) (p1 ?p1) (p2 ?p2)))
  (modify ?a (joined TRUE))
  (modify ?b (joined TRUE)))

(defrule doneDetecting
  (declare (salience -10))
  ?stage <- (Stage (value "detectJunctions"))
  =>
  (modify ?stage (value "findInitialBoundary")))

(defrule initialBoundaryL
  ?stage <- (Stage (value "findInitialBoundary"))
  (Junction (kind "L") (base ?base) (p1 ?p1) (p2 ?p2))
  ?a <- (Edge (p1 ?base) (p2 ?p1))
  ?b <- (Edge (p1 ?base) (p2 ?p2))
  (not (Junction (base ?other&:(> ?other ?base))))
  =>
  (modify ?a (label "B"))
  (modify ?b (label "B"))
  (modify ?stage (value "findSecondBoundary")))

(defrule initialBoundaryArrow
  ?stage <- (Stage (value "findInitialBoundary"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  ?a <- (Edge (p1 ?base) (p2 ?p1))
  ?b <- (Edge (p1 ?base) (p2 ?p2))
  ?c <- (Edge (p1 ?base) (p2 ?p3))
  (not (Junction (base ?other&:(> ?other ?base))))
  =>
  (modify ?a (label "B"))
  (modify ?b (label "+"))
  (modify ?c (label "B"))
  (modify ?stage (value "findSecondBoundary")))

(defrule secondBoundaryL
  ?stage <- (Stage (value "findSecondBoundary"))
  (Junction (kind "L") (base ?base) (p1 ?p1) (p2 ?p2))
  ?a <- (Edge (p1 ?base) (p2 ?p1))
  ?b <- (Edge (p1 ?base) (p2 ?p2))
  (not (Junction (base ?other&:(< ?other ?base))))
  =>
  (modify ?a (label "B"))
  (modify ?b (label "B"))
  (modify ?stage (value "labeling")))

(defrule secondBoundaryArrow
  ?stage <- (Stage (value "findSecondBoundary"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  ?a <- (Edge (p1 ?base) (p2 ?p1))
  ?b <- (Edge (p1 ?base) (p2 ?p2))
  ?c <- (Edge (p1 ?base) (p2 ?p3))
  (not (Junction (base ?other&:(< ?other ?base))))
  =>
  (modify ?a (label "B"))
  (modify ?b (label "+"))
  (modify ?c (label "B"))
  (modify ?stage (value "labeling")))

(defrule matchEdge
  (Stage (value "labeling"))
  ?a <- (Edge (p1 ?p1) (p2 ?p2) (label ?label&"+"|"-"|"B"))
  ?b <- (Edge (p1 ?p2) (p2 ?p1) (label ""))
  =>
  (modify ?a (plotted TRUE))
  (modify ?b (label ?label) (plotted TRUE)))

(defrule labelL
  (Stage (value "labeling"))
  (Junction (kind "L") (base ?base))
  (Edge (p1 ?base) (p2 ?p2) (label "+"|"-"))
  ?b <- (Edge (p1 ?base) (p2 ~?p2) (label ""))
  =>
  (modify ?b (label "B")))

(defrule labelTeeA
  (declare (salience 5))
  (Stage (value "labeling"))
  (Junction (kind "tee") (base ?base) (p1 ?p1) (p3 ?p3))
  ?a <- (Edge (p1 ?base) (p2 ?p1) (label ""))
  ?b <- (Edge (p1 ?base) (p2 ?p3))
  =>
  (modify ?a (label "B"))
  (modify ?b (label "B")))

(defrule labelTeeB
  (Stage (value "labeling"))
  (Junction (kind "tee") (base ?base) (p1 ?p1) (p3 ?p3))
  ?a <- (Edge (p1 ?base) (p2 ?p1))
  ?b <- (Edge (p1 ?base) (p2 ?p3) (label ""))
  =>
  (modify ?a (label "B"))
  (modify ?b (label "B")))

(defrule labelFork1
  (Stage (value "labeling"))
  (Junction (kind "fork") (base ?base))
  (Edge (p1 ?base) (p2 ?p1) (label "+"))
  ?b <- (Edge (p1 ?base) (p2 ?p2&~?p1) (label ""))
  ?c <- (Edge (p1 ?base) (p2 ~?p1&~?p2))
  =>
  (modify ?b (label "+"))
  (modify ?c (label "+")))

(defrule labelFork2
  (Stage (value "labeling"))
  (Junction (kind "fork") (base ?base))
  (Edge (p1 ?base) (p2 ?p1) (label "B"))
  (Edge (p1 ?base) (p2 ?p2&~?p1) (label "-"))
  ?c <- (Edge (p1 ?base) (p2 ~?p1&~?p2) (label ""))
  =>
  (modify ?c (label "B")))

(defrule labelFork3
  (Stage (value "labeling"))
  (Junction (kind "fork") (base ?base))
  (Edge (p1 ?base) (p2 ?p1) (label "B"))
  (Edge (p1 ?base) (p2 ?p2&~?p1) (label "B"))
  ?c <- (Edge (p1 ?base) (p2 ~?p1&~?p2) (label ""))
  =>
  (modify ?c (label "-")))

(defrule labelFork4
  (Stage (value "labeling"))
  (Junction (kind "fork") (base ?base))
  (Edge (p1 ?base) (p2 ?p1) (label "-"))
  (Edge (p1 ?base) (p2 ?p2&~?p1) (label "-"))
  ?c <- (Edge (p1 ?base) (p2 ~?p1&~?p2) (label ""))
  =>
  (modify ?c (label "-")))

(defrule labelArrow1A
  (declare (salience 5))
  (Stage (value "labeling"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p1) (label ?label&"B"|"-"))
  ?b <- (Edge (p1 ?base) (p2 ?p2) (label ""))
  ?c <- (Edge (p1 ?base) (p2 ?p3))
  =>
  (modify ?b (label "+"))
  (modify ?c (label ?label)))

(defrule labelArrow1B
  (Stage (value "labeling"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p1) (label ?label&"B"|"-"))
  ?b <- (Edge (p1 ?base) (p2 ?p2))
  ?c <- (Edge (p1 ?base) (p2 ?p3) (label ""))
  =>
  (modify ?b (label "+"))
  (modify ?c (label ?label)))

(defrule labelArrow2A
  (declare (salience 5))
  (Stage (value "labeling"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p3) (label ?label&"B"|"-"))
  ?b <- (Edge (p1 ?base) (p2 ?p2) (label ""))
  ?c <- (Edge (p1 ?base) (p2 ?p1))
  =>
  (modify ?b (label "+"))
  (modify ?c (label ?label)))

(defrule labelArrow2B
  (Stage (value "labeling"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p3) (label ?label&"B"|"-"))
  ?b <- (Edge (p1 ?base) (p2 ?p2))
  ?c <- (Edge (p1 ?base) (p2 ?p1) (label ""))
  =>
  (modify ?b (label "+"))
  (modify ?c (label ?label)))

(defrule labelArrow3A
  (declare (salience 5))
  (Stage (value "labeling"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p1) (label "+"))
  ?b <- (Edge (p1 ?base) (p2 ?p2) (label ""))
  ?c <- (Edge (p1 ?base) (p2 ?p3))
  =>
  (modify ?b (label "-"))
  (modify ?c (label "+")))

(defrule labelArrow3B
  (Stage (value "labeling"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p1) (label "+"))
  ?b <- (Edge (p1 ?base) (p2 ?p2))
  ?c <- (Edge (p1 ?base) (p2 ?p3) (label ""))
  =>
  (modify ?b (label "-"))
  (modify ?c (label "+")))

(defrule labelArrow4A
  (declare (salience 5))
  (Stage (value "labeling"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p3) (label "+"))
  ?b <- (Edge (p1 ?base) (p2 ?p2) (label ""))
  ?c <- (Edge (p1 ?base) (p2 ?p1))
  =>
  (modify ?b (label "-"))
  (modify ?c (label "+")))

(defrule labelArrow4B
  (Stage (value "labeling"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p3) (label "+"))
  ?b <- (Edge (p1 ?base) (p2 ?p2))
  ?c <- (Edge (p1 ?base) (p2 ?p1) (label ""))
  =>
  (modify ?b (label "-"))
  (modify ?c (label "+")))

(defrule labelArrow5A
  (declare (salience 5))
  (Stage (value "labeling"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p2) (label "-"))
  ?b <- (Edge (p1 ?base) (p2 ?p1))
  ?c <- (Edge (p1 ?base) (p2 ?p3) (label ""))
  =>
  (modify ?b (label "+"))
  (modify ?c (label "+")))

(defrule labelArrow5B
  (Stage (value "labeling"))
  (Junction (kind "arrow") (base ?base) (p1 ?p1) (p2 ?p2) (p3 ?p3))
  (Edge (p1 ?base) (p2 ?p2) (label "-"))
  ?b <- (Edge (p1 ?base) (p2 ?p1) (label ""))
  ?c <- (Edge (p1 ?base) (p2 ?p3))
  =>
  (modify ?b (label "+"))
  (modify ?c (label "+")))

(defrule doneLabeling
  (declare (salience -10))
  ?stage <- (Stage (value "labeling"))
  =>
  (modify ?stage (value "plotRemaining")))

(defrule plotRemaining
  (Stage (value "plotRemaining"))
  ?edge <- (Edge (plotted FALSE) (label ~""))
  =>
  (modify ?edge (plotted TRUE)))

(defrule plotBoundary
  (Stage (value "plotRemaining"))
  ?edge <- (Edge (plotted FALSE) (label ""))
  =>
  (modify ?edge (plotted TRUE)))

(defrule donePlotting
  (declare (salience -10))
  ?stage <- (Stage (value "plotRemaining"))
  =>
  (modify ?stage (value "done")))
