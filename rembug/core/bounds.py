"""How much of something is plausible for one neighbourhood. What is above is a slip of the finger, or worse.

They guard what nothing else bounds: money is bounded by its ceiling, a price by its standard. Wide enough
for a programme of a whole kelurahan; a city that needs more asks for it here.
"""

# What one wish, decision or cost line may cost, and what residents may add themselves, in rupiah.
MOST_COST = 10_000_000_000
MOST_SWADAYA = 1_000_000_000
# Days of work of all residents together, people at one meeting, and thousandths of a measure.
MOST_WORK_DAYS = 10_000
MOST_PRESENT = 5_000
MOST_VOLUME_MILLI = 1_000_000 * 1000
# People or pieces that one kind of item counts in one activity.
MOST_COUNTED = 100_000
