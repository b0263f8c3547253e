(deftemplate Edge (slot from) (slot to))
(deftemplate Path (slot from) (slot to))
(defrule first (Edge (from ?from) (to ?to)) => (assert (Path (from ?from) (to ?to))))
(defrule further (Path (from ?from) (to ?over)) (Edge (from ?over) (to ?to)) => (assert (Path (from ?from) (to ?to))))
