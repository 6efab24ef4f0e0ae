print("wakelog")
