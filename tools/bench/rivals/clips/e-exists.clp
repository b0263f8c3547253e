(deftemplate Left (slot id) (slot at))
(deftemplate Right (slot id) (slot at))
(defrule accompanied (Left (at ?at)) (exists (Right (at ?at))) =>)
