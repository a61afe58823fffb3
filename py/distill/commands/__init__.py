"""One module per action: `run(request)` reads a request, calls the library and writes the declared outputs."""
