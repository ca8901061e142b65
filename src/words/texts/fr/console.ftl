console-sign-in = Se connecter
console-sign-out = Se déconnecter
