console-sign-in = Daxil ol
console-sign-out = Çıxış
