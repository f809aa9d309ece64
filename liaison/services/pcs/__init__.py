"""The PCs of one home: who belongs by the log, joining, removing, following what others did."""
