(deftemplate A (slot v))
(deftemplate B (slot v))
(defrule less (A (v ?a)) (B (v ?b&:(< ?a ?b))) =>)
