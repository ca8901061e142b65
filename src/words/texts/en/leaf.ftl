### What leaves of the log say beside their kind, in a word or two.

leaf-refused-wrong-origin = log of another member
leaf-refused-bad-checkpoint-signature = the checkpoint is not signed by its log
leaf-refused-inconsistent-log = the log does not lead to its checkpoint
leaf-refused-old-checkpoint = the log is shorter than it was
leaf-refused-no-quorum = too few witnesses lately
leaf-refused-leaf-missing = the leaf is not in the log
leaf-refused-wrong-leaf = a leaf of another kind
leaf-refused-wrong-points = other points than the leaf has
leaf-refused-wrong-key = a key that is not in use
leaf-refused-no-consent = no consent
leaf-refused-wrong-purpose = consent for another purpose
leaf-refused-not-yet-valid = consent not begun
leaf-refused-expired = consent ended
leaf-refused-withdrawn = consent withdrawn
leaf-refused-used-up = consent used up
leaf-refused-clock-skew = clocks differ too much
leaf-refused-quota-spent = quota spent
leaf-refused-bad-points = points that cannot be
leaf-refused-not-permitted = member may not ask this
leaf-refused-isolated = key holder was cut off too long
leaf-refused-ahead-of-feed = more located than published

leaf-evaluation-reporting = to publish a client
leaf-evaluation-locate = to locate a client
leaf-evaluation-footprint = to count earlier inquiries
leaf-evaluation-open = to open records

leaf-load-loaded = taken into the book
leaf-load-held = held
leaf-load-released = taken in by a person
leaf-load-undone = undone
leaf-load-discarded = thrown away
