"""What must hold for every patient, not only for the ones somebody thought of."""
