/* Nothing: no target is given instructions of its own, so that all of them give the same bits. */
