console-sign-in = ចូល
console-sign-out = ចេញ
