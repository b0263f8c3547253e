(deftemplate Item (slot v) (slot limit))
(defrule next (Item (v ?v) (limit ?limit&:(< ?v ?limit))) => (assert (Item (v (+ ?v 1)) (limit ?limit))))
