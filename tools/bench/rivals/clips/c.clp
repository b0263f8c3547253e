(deftemplate Counter (slot n) (slot limit))
(defrule count ?counter <- (Counter (n ?n) (limit ?limit&:(< ?n ?limit))) => (modify ?counter (n (+ ?n 1))))
