"""Engines on the Hugging Face libraries: transformers and diffusers, one file per family, loaded on first use."""
