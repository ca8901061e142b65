SELECT
  l.account_no AS account,
  c.account_no AS client,
  o.name AS branch,
  CURRENT_DATE AS as_of,
  CASE l.loan_type_enum WHEN 2 THEN 'group' WHEN 3 THEN 'group-member' WHEN 4 THEN 'group-member' ELSE 'individual' END AS kind,
  CASE l.loan_status_id WHEN 600 THEN 'closed' WHEN 700 THEN 'closed' WHEN 601 THEN 'written-off' WHEN 602 THEN 'settled' ELSE 'active' END AS status,
  l.currency_code AS currency,
  l.principal_disbursed_derived AS disbursed,
  l.total_outstanding_derived AS outstanding,
  COALESCE(a.total_overdue_derived, 0) AS overdue,
  COALESCE(DATEDIFF(CURRENT_DATE, a.overdue_since_date_derived), 0) AS days_past_due,
  (SELECT COALESCE(s.principal_amount, 0) + COALESCE(s.interest_amount, 0) + COALESCE(s.fee_charges_amount, 0)
     FROM m_loan_repayment_schedule s
    WHERE s.loan_id = l.id AND s.installment =
      (SELECT MIN(n.installment) FROM m_loan_repayment_schedule n WHERE n.loan_id = l.id AND n.completed_derived = false)) AS instalment,
  CASE
    WHEN l.number_of_repayments = 1 THEN 'bullet'
    WHEN l.repayment_period_frequency_enum = 0 AND l.repay_every = 1 THEN 'daily'
    WHEN l.repayment_period_frequency_enum = 0 AND l.repay_every = 7 THEN 'weekly'
    WHEN l.repayment_period_frequency_enum = 0 AND l.repay_every = 14 THEN 'fortnightly'
    WHEN l.repayment_period_frequency_enum = 0 AND l.repay_every = 28 THEN 'four-weekly'
    WHEN l.repayment_period_frequency_enum = 1 AND l.repay_every = 1 THEN 'weekly'
    WHEN l.repayment_period_frequency_enum = 1 AND l.repay_every = 2 THEN 'fortnightly'
    WHEN l.repayment_period_frequency_enum = 1 AND l.repay_every = 4 THEN 'four-weekly'
    WHEN l.repayment_period_frequency_enum = 2 AND l.repay_every = 1 THEN 'monthly'
    WHEN l.repayment_period_frequency_enum = 2 AND l.repay_every = 2 THEN 'two-monthly'
    WHEN l.repayment_period_frequency_enum = 2 AND l.repay_every = 3 THEN 'quarterly'
    WHEN l.repayment_period_frequency_enum = 2 AND l.repay_every = 6 THEN 'half-yearly'
    WHEN l.repayment_period_frequency_enum = 2 AND l.repay_every = 12 THEN 'yearly'
    WHEN l.repayment_period_frequency_enum = 3 AND l.repay_every = 1 THEN 'yearly'
    ELSE 'other'
  END AS frequency,
  l.annual_nominal_interest_rate AS rate,
  l.disbursedon_date AS opened,
  COALESCE(l.maturedon_date, l.expected_maturedon_date) AS matures,
  CASE WHEN l.loan_status_id IN (600, 602, 700) THEN l.closedon_date END AS closed,
  CASE WHEN l.loan_status_id = 601 THEN l.total_writtenoff_derived END AS written_off,
  CASE WHEN l.loan_status_id = 601 THEN COALESCE(l.writtenoffon_date, l.closedon_date) END AS written_off_on,
  l.loan_counter AS loan_cycle,
  (SELECT MAX(i.document_key) FROM m_client_identifier i JOIN m_code_value v ON v.id = i.document_type_id
    WHERE i.client_id = c.id AND i.status <> 100 AND v.code_value = 'National ID') AS national_id,
  c.mobile_no AS mobile
FROM m_loan l
LEFT JOIN m_group_client g ON l.client_id IS NULL AND g.group_id = l.group_id
JOIN m_client c ON c.id = COALESCE(l.client_id, g.client_id)
JOIN m_office o ON o.id = c.office_id
LEFT JOIN m_loan_arrears_aging a ON a.loan_id = l.id
WHERE l.loan_status_id IN (300, 303, 304, 600, 601, 602, 700)
ORDER BY l.id, c.id
