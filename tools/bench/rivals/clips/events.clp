(deftemplate Reading (slot device) (slot value))
(deftemplate Device (slot id) (slot limit))
(deftemplate Order (slot id) (slot customerId) (slot amount))
(deftemplate Customer (slot id) (slot level))
(defrule tooHigh (Reading (device ?device) (value ?value)) (Device (id ?device) (limit ?limit&:(< ?limit ?value))) =>)
(defrule large
  (Order (customerId ?customer) (amount ?amount&:(> ?amount 900)))
  (Customer (id ?customer) (level 3))
  =>)
