console-sign-in = Iniciar sesión
console-sign-out = Cerrar sesión
