"""What an editor stands on and what stays frozen while it learns: tokenizer, CLIP and autoencoder, made small."""
