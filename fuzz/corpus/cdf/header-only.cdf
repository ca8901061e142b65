HDRHMMFI1.9MFI0000042MADE UP MICROFINANCE                    2011202621112026S01n0t-a-secret                  INHOUSE                       INHOUSE                        
TRLHMMFI1.9MFI0000042                    
