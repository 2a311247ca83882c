"""The demo bank: a made-up city bank with customers whose facts tell one story.

Pure data generation with numpy, and COPY. ``plan`` and ``latent`` say what each customer is like;
``needs`` says which products it comes to hold and when; everything else follows from these two.
"""
