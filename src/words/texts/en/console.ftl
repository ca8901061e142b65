console-sign-in = Sign in
console-sign-out = Sign out
