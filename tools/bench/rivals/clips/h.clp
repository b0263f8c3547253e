(deftemplate Item (slot id) (slot kind))
(defrule none (Item (kind -1)) =>)
