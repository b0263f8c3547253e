(deftemplate Fixed (slot board) (slot row) (slot col) (slot box) (slot value))
(deftemplate Candidate (slot board) (slot row) (slot col) (slot box) (slot value))

(defrule cellTaken
  (declare (salience 20))
  (Fixed (board ?board) (row ?row) (col ?col))
  ?candidate <- (Candidate (board ?board) (row ?row) (col ?col))
  =>
  (retract ?candidate))

(defrule rowTaken
  (declare (salience 20))
  (Fixed (board ?board) (row ?row) (value ?value))
  ?candidate <- (Candidate (board ?board) (row ?row) (value ?value))
  =>
  (retract ?candidate))

(defrule columnTaken
  (declare (salience 20))
  (Fixed (board ?board) (col ?col) (value ?value))
  ?candidate <- (Candidate (board ?board) (col ?col) (value ?value))
  =>
  (retract ?candidate))

(defrule boxTaken
  (declare (salience 20))
  (Fixed (board ?board) (box ?box) (value ?value))
  ?candidate <- (Candidate (board ?board) (box ?box) (value ?value))
  =>
  (retract ?candidate))

(defrule nakedSingle
  (declare (salience 10))
  (Candidate (board ?board) (row ?row) (col ?col) (box ?box) (value ?value))
  (not (Candidate (board ?board) (row ?row) (col ?col) (value ~?value)))
  =>
  (assert (Fixed (board ?board) (row ?row) (col ?col) (box ?box) (value ?value))))

(defrule hiddenInRow
  (Candidate (board ?board) (row ?row) (col ?col) (box ?box) (value ?value))
  (not (Candidate (board ?board) (row ?row) (value ?value) (col ~?col)))
  =>
  (assert (Fixed (board ?board) (row ?row) (col ?col) (box ?box) (value ?value))))

(defrule hiddenInColumn
  (Candidate (board ?board) (row ?row) (col ?col) (box ?box) (value ?value))
  (not (Candidate (board ?board) (col ?col) (value ?value) (row ~?row)))
  =>
  (assert (Fixed (board ?board) (row ?row) (col ?col) (box ?box) (value ?value))))

(defrule hiddenInBox
  (Candidate (board ?board) (row ?row) (col ?col) (box ?box) (value ?value))
  (not (Candidate (board ?board) (box ?box) (value ?value) (row ?r) (col ?c&:(or (<> ?r ?row) (<> ?c ?col)))))
  =>
  (assert (Fixed (board ?board) (row ?row) (col ?col) (box ?box) (value ?value))))
