"""Images: config, manifest, index, layout, archive, SBOM, and the check that an image can run."""
