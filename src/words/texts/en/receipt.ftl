# The printed receipt of a consent: what the client takes home.

receipt-title = Consent receipt
receipt-lender = Lender
receipt-network = Network of lenders
receipt-given-at = You consented on
receipt-what-it-permits = What you permit
receipt-purpose = For
receipt-evidence = Shown by
receipt-may-read = What may be read
receipt-what-is-read = What you owe at other lenders of the network, how you repay it, who asked about you lately, and what you dispute
receipt-from = From
receipt-until = Until (not after)
receipt-uses = How many times
receipt-notice = Notice that was shown to you
receipt-to-withdraw = To withdraw your consent
receipt-how-to-withdraw = You can withdraw at any time. Show or send this code to any lender of the network or to its association; the lender named above need not agree. What was read before stays read.
receipt-where-to-withdraw = Where: { $members }
receipt-keep-it = Keep this receipt. Whoever has the code can withdraw your consent, and do nothing else with it.
receipt-to-verify = To verify this receipt
receipt-how-to-verify = The code below is this receipt, signed by the lender (JWS). Anybody can verify it with the lender's key, which the association publishes.
receipt-consent-number = Consent
receipt-log-leaf = Log and leaf

receipt-purpose-loan-application = your application for a loan
receipt-purpose-guarantee = your guarantee for somebody's loan
receipt-purpose-restructuring = new terms for a loan that you have
receipt-purpose-loan-monitoring = watching a loan that you have
receipt-purpose-subject-access = your own request to see what is held about you

receipt-evidence-signed-form = a form that you signed
receipt-evidence-thumbprint = your thumbprint before a witness
receipt-evidence-one-time-password = a one-time password sent to you
receipt-evidence-client-key = a signature by your own key
receipt-evidence-order = an order of a court or an authority
