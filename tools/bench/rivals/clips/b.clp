(deftemplate Left (slot id) (slot at))
(deftemplate Right (slot id) (slot at))
(defrule joined (Left (at ?at)) (Right (at ?at)) =>)
