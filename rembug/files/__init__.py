"""Content-addressed files, safe public copies of pictures, fingerprints of photographs.

Public: models.File, services (store_image, store_document, store_images_bulk, publish, twins,
audit, sweep), rules (FLAGS, distance).
"""
