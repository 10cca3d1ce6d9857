"""FHIR R5 (https://hl7.org/fhir/R5): rooms as Location, sessions as Appointment, for whoever speaks nothing else. Reads only."""
