//! What `--help` says.

use super::catalogue;
use crate::language;

catalogue! {
    /// A text of the help.
    Help {
        About: "Dónde hay lugar en los hospitales públicos, y cómo reservarlo"
            | "Where there is room in the public hospitals, and how to book it";
        ExitCodes:
"Códigos de salida:
  0  hecho
  1  no se hizo, por una razón sin código propio
  2  la orden o la configuración está mal escrita
  3  lo nombrado no existe
  4  nadie tiene lugar
  5  conflicto: su estado o su dueño no lo permite
  6  no responde una mayoría del clúster
  7  demasiadas solicitudes
  8  sin permiso

Los datos van a stdout y todo lo demás a stderr.
Las opciones van antes que las variables CUPO_*, y estas antes que los archivos."
            |
"Exit codes:
  0  done
  1  not done, for a reason without a code of its own
  2  the command line or the configuration is wrong
  3  what was named does not exist
  4  nobody has room
  5  conflict: its state or its owner does not allow it
  6  no majority of the cluster answers
  7  too many requests
  8  not permitted

Data go to stdout and everything else to stderr.
Flags go before CUPO_* variables, and these before files.";
        Usage: "Uso" | "Usage";
        Commands: "Órdenes" | "Commands";
        CommandName: "ORDEN" | "COMMAND";
        Arguments: "Argumentos" | "Arguments";
        Options: "Opciones" | "Options";
        CommonOptions: "Opciones de todas las órdenes" | "Options of every command";
        AskedFor: "Muestra esta ayuda" | "Show this help";

        Output: "Forma de los datos" | "Form of the data";
        Lang: "Idioma: es o en" | "Language: es or en";
        Timeout: "Plazo de cada solicitud: 500ms, 10s, 2m"
            | "Deadline of a request: 500ms, 10s, 2m";
        RequestId: "Identidad de la solicitud (UUIDv7): repetirla no la hace dos veces"
            | "Identity of the request (UUIDv7): sending it again does not do it twice";
        Cluster: "Servidores, separados por comas, o un cluster.toml"
            | "Servers, separated by commas, or a cluster.toml";
        Author: "Quién pide, como desk:17 u operator:1" | "Who asks, like desk:17 or operator:1";
        PageSize: "Cuántos a la vez" | "How many at a time";
        PageToken: "Desde dónde seguir" | "Where to go on";

        Demo: "Pone en marcha tres servidores y una nación de ejemplo"
            | "Start three servers and a synthetic nation";
        DemoFacilities: "Cuántos establecimientos" | "How many facilities";
        DemoSeed: "De qué semilla nace la nación" | "The seed the nation is made from";
        DemoData: "Dónde guardar los datos" | "Where the data go";
        DemoKeep: "Conserva los datos al terminar" | "Keep the data afterwards";
        DemoFor: "Termina después de este tiempo" | "End after this long";
        DemoCheck: "Sin pantalla: mata a la directora y demuestra que nada se perdió"
            | "Without a screen: kill the leader and prove that nothing is lost";
        DemoRate: "Reservas por segundo" | "Bookings per second";

        Server: "Un servidor del clúster" | "A server of the cluster";
        ServerRun: "Sirve hasta que se le pida parar" | "Serve until asked to stop";
        NodeFile: "Archivo del nodo (node-N.toml)" | "The node's file (node-N.toml)";
        ClusterFile: "Archivo común del clúster; si falta, el cluster.toml junto al del nodo"
            | "The cluster's common file; by default the cluster.toml beside the node's";
        Listen: "Dónde escuchar" | "Where to listen";
        Data: "Dónde están sus datos" | "Where its data are";

        ClusterGroup: "Los miembros del clúster" | "The members of the cluster";
        ClusterInit: "Forma el clúster con los servidores que responden"
            | "Form the cluster of the servers that answer";
        ClusterInitMember: "Un miembro, como 1=127.0.0.1:7401; si falta, lo dice cada servidor"
            | "A member, like 1=127.0.0.1:7401; by default each server says it";
        ClusterJoin: "Agrega un nodo" | "Add a node";
        ClusterStatus: "Muestra a los miembros y a quien dirige" | "Show the members and who leads";
        ClusterReplace: "Pone un nodo nuevo en lugar de uno perdido"
            | "Put a new node in the place of a lost one";
        ClusterRemove: "Saca un nodo" | "Take a node out";
        NodeNumber: "Número del nodo" | "Number of the node";
        NodeAddress: "Dirección del nodo" | "Address of the node";
        DeadNode: "Número del nodo perdido" | "Number of the lost node";

        Facility: "Los establecimientos" | "The facilities";
        FacilityImport: "Lee el catálogo CLUES como se publica (CSV; UTF-8 o Latin-1)"
            | "Read the CLUES catalogue as published (CSV; UTF-8 or Latin-1)";
        ImportFile: "El archivo; - para stdin" | "The file; - for stdin";
        ImportDryRun: "Revisa sin cambiar nada" | "Check without changing anything";
        FacilityList: "Lista los establecimientos" | "List the facilities";
        FacilityGet: "Muestra un establecimiento y sus servicios"
            | "Show a facility and its services";
        FacilityWatch: "Muestra cómo cambia su cupo" | "Show how its capacity changes";
        FacilityConfirm: "Confirma cuántas camas tiene un servicio"
            | "Confirm how many beds a service has";
        Clues: "CLUES del establecimiento, también la anterior"
            | "The facility's CLUES, also a former one";
        ServiceCode: "Código del servicio" | "The service's code";
        Beds: "Cuántas camas" | "How many beds";
        StateFilter: "Solo de este estado, por las dos letras de la CLUES (OC)"
            | "Only of this state, by the two letters of the CLUES (OC)";
        InstitutionFilter: "Solo de esta institución (IMB); puede repetirse"
            | "Only of this institution (IMB); may be repeated";

        Place: "Lugares libres" | "Free places";
        PlaceFind: "Busca lugares, del más cercano al más lejano" | "Find places, nearest first";
        Kind: "Qué se necesita" | "What is needed";
        Area: "Área de la cama; si falta, general" | "The bed's area; general unless said";
        Age: "Edad que atiende" | "The age it is for";
        Isolation: "Con aislamiento" | "With isolation";
        Ventilator: "Con ventilador" | "With a ventilator";
        SpecialtyCode: "La especialidad, por nombre o número; si falta, general-practice"
            | "The specialty, by name or number; general-practice unless said";
        Near: "Cerca de LAT,LON" | "Near LAT,LON";
        Within: "A no más de tantos kilómetros" | "No further than this many kilometres";
        From: "Desde esta hora (RFC 3339); si falta, desde ahora"
            | "From this time (RFC 3339); from now unless said";
        Until: "Hasta esta hora (RFC 3339); si falta, 30 días después de --from"
            | "Until this time (RFC 3339); 30 days after --from unless said";
        Limit: "Cuántos a lo más" | "At most how many";

        Hold: "Apartados: lugares guardados por un momento" | "Holds: places kept for a moment";
        HoldCreate: "Aparta el primer lugar que tenga cupo" | "Hold the first place that has room";
        HoldRelease: "Devuelve un apartado" | "Give a hold back";
        HoldExtend: "Prolonga un apartado" | "Keep a hold longer";
        Places: "Lugares por orden de preferencia, como los nombra `place find`"
            | "Places in order of preference, as `place find` names them";
        HoldSeconds: "Por cuántos segundos, de 5 a 7200" | "For how many seconds, from 5 to 7200";
        Also: "Otro lugar que se toma junto, todos o ninguno: opciones por preferencia, separadas \
            por comas; puede repetirse, hasta 8 lugares"
            | "A further place that is taken together, all or none: options in order of \
            preference, separated by commas; may be repeated, up to 8 places";
        HoldId: "Número del apartado" | "The hold's number";
        Fencing: "Número de resguardo que se dio con el apartado"
            | "The fencing number that was given with the hold";
        Person: "Para quién: su número aleatorio de 128 bits (UUID), nunca su CURP"
            | "For whom: their random 128-bit number (UUID), never their CURP";
        Arrival: "Cuántos segundos espera una cama a su paciente, hasta 604800; si falta, 4 horas"
            | "How many seconds a bed waits for its patient, up to 604800; 4 hours unless said";

        Booking: "Reservas" | "Bookings";
        BookingCreate: "Reserva el primer lugar que tenga cupo, sin apartarlo antes"
            | "Book the first place that has room, without holding it first";
        BookingConfirm: "Convierte un apartado en reserva" | "Turn a hold into a booking";
        BookingCancel: "Cancela una reserva" | "Cancel a booking";
        BookingGet: "Muestra una reserva" | "Show a booking";
        BookingList: "Lista reservas" | "List bookings";
        BookingArrive: "Anota que llegó el paciente" | "Record that the patient has arrived";
        BookingDischarge: "Anota que el paciente dejó la cama"
            | "Record that the patient has left the bed";
        BookingFulfil: "Anota que hubo consulta" | "Record that the visit has taken place";
        BookingNoShow: "Anota que el paciente no llegó" | "Record that the patient did not come";
        BookingTransfer: "Pasa una reserva a otro lugar en un solo acto"
            | "Move a booking to another place in one act";
        BookingDispute: "Impugna una reserva, con su razón" | "Dispute a booking, with a reason";
        BookingId: "Número de la reserva" | "The booking's number";
        DisputeReason: "Por qué" | "Why";
        BookingHistory: "Cuenta lo que pasó con una reserva"
            | "Tell what happened to a booking";
        OfPerson: "De esta persona" | "Of this person";
        OnDay: "De este día (AAAA-MM-DD), donde está el establecimiento"
            | "Of this day (YYYY-MM-DD), where the facility is";
        OfFacility: "De este establecimiento" | "Of this facility";

        Watch: "Muestra todo lo que pasa, en orden" | "Show everything that happens, in order";
        AfterRevision: "Desde la revisión que sigue a esta" | "From the revision after this one";

        Snapshot: "Copias del estado" | "Copies of the state";
        SnapshotSave: "Guarda una copia verificada" | "Save a verified copy";
        SnapshotTo: "Copia además la más nueva a este directorio"
            | "Copy the newest one to this directory, too";
        SnapshotOf: "Verifica la copia de este directorio, sin preguntar a ningún servidor"
            | "Verify the copy in this directory, and ask no server";
        SnapshotVerify: "Verifica el estado y lo guardado en disco"
            | "Verify the state and what is on disk";

        Bench: "Mide qué tan rápido es" | "Measure how fast it is";
        BenchAll: "Todo lo que sigue, con sus proporciones" | "All of the following, with ratios";
        BenchUnary: "Una reserva por llamada, y el eco de los mismos tamaños"
            | "One booking per call, and the echo of the same sizes";
        BenchBulk: "Muchas reservas por mensaje" | "Many bookings per message";
        BenchReports: "Avisos de camas" | "Reports of beds";
        BenchFailover: "De la muerte del líder a la siguiente reserva"
            | "From the death of the leader to the next booking";
        BenchEchoServer: "Un servidor que solo contesta" | "A server that only answers";
        BenchFor: "Cuánto dura cada medición" | "How long each measurement takes";
        BenchSteady: "Cancela cada reserva después: siempre viven las mismas"
            | "Cancel each booking later: as many live all the time";
        BenchInFlight: "Llamadas a la vez" | "Calls in flight";
        BenchRate: "Llamadas por segundo, lleguen o no las respuestas"
            | "Calls per second, whether or not answers arrive";
        BenchStreams: "Cuántos flujos" | "How many streams";
        BenchPerMessage: "Operaciones por mensaje" | "Operations per message";
        BenchAhead: "Mensajes de un flujo sin respuesta aún" | "Messages of a stream in flight";
        BenchDiskEvery: "Cada cuánto decir qué guardan los servidores en disco"
            | "How often to say what the servers keep on disk";
        BenchKills: "Cuántas muertes" | "How many deaths";
        Variables: "Variables (van antes que los archivos; dos guiones bajos son un punto)"
            | "Variables (they go before the files; two underscores are a dot)";
        Config: "La configuración de un nodo" | "A node's configuration";
        ConfigCheck: "Revisa la configuración y dice de dónde viene cada valor"
            | "Check the configuration and say where each value comes from";
        VersionFlag: "Dice qué versión es, y nada más" | "Say which version this is, and no more";
        OfCommand: "Muestra la ayuda de una orden" | "Show the help of a command";
        OfWhat: "La orden, como: place find" | "The command, like: place find";
        Version: "Dice qué versión es" | "Say which version this is";
        Completions: "Escribe el completado para una consola" | "Write a shell's completions";
        Shell: "Qué consola" | "Which shell";
    }
}

/// The text in the language of this process.
#[must_use]
pub fn say(help: Help) -> &'static str {
    help.texts().into_language(language::spoken())
}
