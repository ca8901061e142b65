### Por qué una carga espera, no cierra nada o no se puede decidir; y por qué no se puede usar un archivo.

hold-closing = Cerraría { $closing } de { $active } préstamos vigentes ({ $share }; por encima de { $limit } queda retenida): ¿falta una parte del archivo?
hold-total = Llevaría el saldo total en { $currency } de { $before } a { $after } (por encima de { $limit } veces queda retenida): ¿son correctas la unidad y la moneda de los montos?
hold-median = El saldo del préstamo mediano en { $larger }, { $larger-median }, vale { $times } veces el del préstamo mediano en { $smaller }, { $smaller-median } (por encima de { $limit } veces queda retenida): ¿son correctas la unidad y la moneda de los montos?
hold-older = Sus cifras son del { $as-of }, más antiguas que las de la carga { $last }, del { $last-as-of }.

hold-not-closed-rejected = No se cerró ningún préstamo por faltar: filas rechazadas: { $rows }; un préstamo cuya fila está mal no ha terminado.
hold-not-closed-cut = No se cerró ningún préstamo por faltar: el archivo se cortó, o contiene más de lo que se leyó, y lo que falta no ha terminado.
hold-not-closed-branches = No se cerró ningún préstamo por faltar: el archivo tiene más de { $max } agencias. Cárguelo por partes.

hold-state-unknown = No hay ninguna carga { $load }.
hold-state-page-lost = La carga { $load } perdió una parte de sus préstamos: deséchela y cargue el archivo de nuevo.
hold-state-not-held-release = La carga { $load } no está retenida: solo una carga retenida se puede aceptar.
hold-state-not-held-discard = La carga { $load } no está retenida: solo una carga retenida se puede desechar.
hold-state-not-in-book = La carga { $load } no está en la cartera: solo se puede deshacer una que esté en ella.
hold-state-later = Hay una carga posterior sobre la carga { $load }: deshaga primero esa.
hold-state-old = La carga { $load } es demasiado antigua para deshacerla: lo que había antes ya no se guarda.

hold-file-unread = La lectura del archivo falló. Envíelo una vez más.
hold-file-empty = El archivo está vacío.
hold-file-other = No es un archivo del formato elegido: { $hint }
hold-file-column-missing = El encabezado no tiene la columna «{ $column }» para { $field }. Dé una correspondencia que nombre las columnas del archivo.
hold-file-column-near = El encabezado no tiene la columna «{ $column }» para { $field }. ¿Es «{ $nearest }»?
hold-file-column-twice = El encabezado tiene dos veces la columna «{ $column }». Cambie el nombre de una.
hold-file-no-identifier = Ninguna columna contiene un número de persona. Dé a una columna el nombre de un tipo de número de la red, o dé una correspondencia.
hold-file-no-day = Nada dice en qué día son ciertas las cifras. Dé el día con el archivo, o haga corresponder una columna con as_of.
hold-file-header-long = La fila de encabezado pasa de { $bytes } bytes o de { $columns } columnas.
hold-file-header-encoding = La fila de encabezado no es texto { $declared }. Guarde el archivo como UTF-8.
hold-file-mapping = No se puede usar la correspondencia. En inglés: { $english }
hold-file-sheet = El libro no tiene la hoja «{ $sheet }». Nombre una de sus hojas en la correspondencia ([file] sheet).
hold-file-large = El archivo pasa de { $bytes } bytes (descomprimido), el máximo de este formato. Use CSV.
hold-file-json = No es JSON desde la línea { $line }, columna { $column }: la descarga pudo haberse cortado.

hold-hint-damaged-workbook = el archivo comprimido o su XML está dañado, cifrado o es de un tipo antiguo. Guárdelo de nuevo como .xlsx.
hold-hint-no-workbook = no es un archivo zip. Guarde un .xls antiguo como .xlsx.
hold-hint-utf16 = es UTF-16 («texto Unicode»). Guárdelo como CSV UTF-8.
hold-hint-is-workbook = es un libro de cálculo. Elija el formato «Libro de cálculo (XLSX)».
hold-hint-cr = sus líneas terminan solo en CR. Guárdelo con finales de línea normales.
hold-hint-no-cdf-header = no empieza con HDRHMMFI. Un CSV con las mismas columnas se carga como CSV, con una correspondencia.
hold-hint-no-segment = ningún segmento empieza en los primeros 1024 caracteres.
hold-hint-no-json = no es ni un arreglo ni un objeto. Guarde la respuesta de la API tal cual.
hold-hint-api-error = es un error con el que respondió la API. Pida de nuevo con el usuario y el «tenant» correctos.
hold-hint-no-loans = sus objetos no tienen ni status ni accountNo. Pida /loans a la API.
