"""Doing the work and accounting for it: pokmas, contract, tranches, photos, receipts, SPJ, handover.

Public: models, rules (states and decisions), gates (what money waits for), seats (who may sit in a pokmas),
permissions (may, sits_in), services (pokmas, contracts, tranches, reports, receipts, holds, closing, comments;
standing: how a work stands; turns: what every act begins and ends with;
duties.duties_of: what waits for whom), story (a work in words), papers (contract, BAHP, BAST as PDF).
"""
