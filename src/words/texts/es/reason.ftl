# Por qué el resultado es el que es: una frase por regla, como el asesor de crédito se la dice al cliente.

reason-judged = { $found }; { $limit }.
reason-judged-converted = { $found } (convertido a las tasas de referencia); { $limit }.
reason-cannot-be-judged = { $subject }: no se puede evaluar; { $limit }.
reason-not-known = No se conoce: { $needs }.
reason-not-asked = { $subject }: no se preguntó.
reason-replaces-none = Este préstamo no reemplaza a ningún otro.
reason-at-least = al menos { $figure }

reason-found-lenders =
    { $count ->
        [one] { $count } entidad
       *[other] { $count } entidades
    } { $when ->
        [after] después de este préstamo, incluida esta
       *[now] actualmente
    }
reason-found-exposure =
    { $when ->
        [after] Después de este préstamo, el hogar debería { $total } por { $class }
       *[now] El hogar debe actualmente { $total } por { $class }
    }
reason-found-instalments =
    { $when ->
        [after] Después de este préstamo, las cuotas mensuales serían de { $monthly }, { $share }
       *[now] Las cuotas mensuales son actualmente de { $monthly }, { $share }
    }
reason-partly-estimated = { $amount } (de ello { $estimated } estimado)
reason-share-of-income = el { $share } del ingreso del hogar, que es de { $income }
reason-no-income = y el hogar no tiene ingresos
reason-found-income = El ingreso anual del hogar es de { $income }
reason-found-arrears = El préstamo más atrasado tiene { $days } de atraso
reason-found-arrears-beyond =
    { $limit ->
        [one] El préstamo más atrasado tiene { $days } de atraso, con { $overdue } vencidos en préstamos con más de { $limit } día
       *[other] El préstamo más atrasado tiene { $days } de atraso, con { $overdue } vencidos en préstamos con más de { $limit } días
    }
reason-found-refinancing = El nuevo préstamo de { $new } equivale a { $share } de los { $old } desembolsados en el préstamo que reemplaza
reason-more-than-any-share = más que cualquier proporción
reason-found-inquiries =
    Otras entidades consultaron sobre este cliente { $count ->
        [one] { $count } vez
       *[other] { $count } veces
    } { $days ->
        [one] en el último día
       *[other] en los últimos { $days } días
    }
reason-found-written-off =
    { $count ->
        [0] Ningún préstamo fue castigado.
        [one] { $count } préstamo fue castigado y todavía se debe.
       *[other] { $count } préstamos fueron castigados y todavía se deben.
    }
reason-found-disputed =
    { $count ->
        [0] El cliente no reclama por ningún préstamo.
        [one] El cliente reclama por { $count } préstamo: las cifras pueden estar equivocadas.
       *[other] El cliente reclama por { $count } préstamos: las cifras pueden estar equivocadas.
    }
reason-complete = Los datos de todas las entidades están en esta respuesta.
reason-not-complete = Esta respuesta no está completa: { $lacking }. Es posible que el cliente deba más de lo que muestra.
reason-lacking-missing =
    { $count ->
        [one] de { $count } entidad no se sabe nada
       *[other] de { $count } entidades no se sabe nada
    }
reason-lacking-stale =
    { $count ->
        [one] los datos de { $count } entidad son demasiado antiguos
       *[other] los datos de { $count } entidades son demasiado antiguos
    }
reason-lacking-unreadable =
    { $count ->
        [one] { $count } registro no se pudo leer
       *[other] { $count } registros no se pudieron leer
    }

reason-limit = el límite es { $figure }
reason-limit-income = hasta { $income }, un préstamo cuenta como microcrédito
reason-limit-of-policy = la política de la red fija el límite
reason-days-and-overdue = { $days } con más de { $overdue } vencidos

reason-subject-lenders-max = Número de entidades
reason-subject-exposure-max = Lo que debe el hogar
reason-subject-instalment-share-max = Parte de las cuotas en el ingreso del hogar
reason-subject-income-ceiling = Ingreso anual del hogar
reason-subject-days-past-due-max = Días de atraso
reason-subject-refinancing-max = Tamaño del refinanciamiento
reason-subject-recent-inquiries-max = Número de consultas recientes
reason-subject-written-off = Préstamos castigados
reason-subject-disputed = Préstamos por los que el cliente reclama
reason-subject-incomplete-data = Si la respuesta está completa

reason-class-all = sus propios préstamos
reason-class-individual = sus préstamos individuales
reason-class-group-member = sus propios préstamos dentro de grupos
reason-class-group = los préstamos a sus grupos
reason-class-guarantor = los préstamos que garantiza
reason-class-with-group-and-guaranteed = todos los préstamos, incluidos los de sus grupos y los que garantiza

reason-need-outstanding =
    { $count ->
        [one] el saldo de { $count } préstamo
       *[other] el saldo de { $count } préstamos
    }
reason-need-instalment =
    { $count ->
        [one] la cuota de { $count } préstamo
       *[other] la cuota de { $count } préstamos
    }
reason-need-days-past-due =
    { $count ->
        [one] los días de atraso de { $count } préstamo
       *[other] los días de atraso de { $count } préstamos
    }
reason-need-overdue =
    { $count ->
        [one] lo vencido de { $count } préstamo
       *[other] lo vencido de { $count } préstamos
    }
reason-need-household-income = el ingreso mensual del hogar
reason-need-requested-loan = el monto del nuevo préstamo
reason-need-requested-instalment = la cuota o el plazo del nuevo préstamo
reason-need-refinanced-loan = el préstamo que se va a reemplazar, que no está entre los vigentes de esta entidad
reason-need-refinanced-disbursed = lo desembolsado en el préstamo que se va a reemplazar
