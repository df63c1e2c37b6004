"""The tree of units (city, kecamatan, kelurahan, RW, RT) and what keeps one city apart from another.

Public: models.City, models.Unit, scope.CityModel, scope.CityForeignKey, middleware.CityMiddleware.
"""
