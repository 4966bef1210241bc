Hello from gas
