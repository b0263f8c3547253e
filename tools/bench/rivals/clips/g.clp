(deftemplate A (slot k))
(deftemplate B (slot j))
(defrule follows (A (k ?k)) (B (j =(+ ?k 1))) =>)
