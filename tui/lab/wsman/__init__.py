"""WS-Management over HTTP with NTLM: how the simulated hosts are reached, by our client and by any other."""
