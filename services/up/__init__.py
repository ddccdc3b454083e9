"""`peyvand up`: the whole service on one machine, with the embedded servers, workers, API and demonstration."""
