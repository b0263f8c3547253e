(deftemplate Day (slot id) (slot temp))
(defrule hottest ?day <- (Day (temp ?temp)) (not (Day (temp ?other&:(> ?other ?temp)))) => (retract ?day))
