(deftemplate Item (slot id) (slot kind))
(defrule found (Item (kind 3)) =>)
