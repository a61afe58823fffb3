"""What a layer is made of, and the one pass that writes blob, descriptor and listing."""
