"""What keeps the vault honest from outside: commands of an IT person that no function of the deployment may run."""
