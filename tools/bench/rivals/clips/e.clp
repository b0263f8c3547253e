(deftemplate Left (slot id) (slot at))
(deftemplate Right (slot id) (slot at))
(defrule alone (Left (at ?at)) (not (Right (at ?at))) =>)
