(deftemplate Customer (slot id) (slot level))
(deftemplate Order (slot id) (slot customerId) (slot amount) (slot open))
(deftemplate Payment (slot orderId) (slot amount))
(defrule large
  (Order (id ?id) (customerId ?customer) (amount ?amount&:(> ?amount 900)) (open TRUE))
  (Customer (id ?customer) (level 3))
  (not (Payment (orderId ?id)))
  =>)
(defrule paid
  (Order (id ?id) (amount ?amount) (open TRUE))
  (Payment (orderId ?id) (amount ?paid&:(>= ?paid ?amount)))
  =>)
