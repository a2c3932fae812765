//! The thirty-two states and their main towns: public facts of INEGI's census of 2020.
//!
//! A state's number is its place in the table, from 1, as INEGI counts. The letters are those of
//! CLUES and CURP. Towns stand for the municipalities around them; positions are of the town's
//! centre to a hundredth of a degree, about a kilometre.

/// A state.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// Two letters, as a CLUES begins.
    pub letters: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its people in 2020, in thousands.
    pub thousands: u32,
    /// Whether its health services were handed to IMSS-Bienestar; otherwise the state runs them.
    pub handed_over: bool,
    /// Its main towns, neighbours next to each other: what lies between two of them is country.
    pub towns: &'static [Town],
}

/// A town and the municipality it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Town {
    /// INEGI's number of the municipality within its state.
    pub municipality: u16,
    /// Its name.
    pub name: &'static str,
    /// People of the municipality in 2020, in thousands.
    pub thousands: u32,
    /// Degrees north × 100.
    pub north_e2: i32,
    /// Degrees west × 100.
    pub west_e2: i32,
}

const fn state(
    letters: &'static str,
    name: &'static str,
    thousands: u32,
    handed_over: bool,
    towns: &'static [Town],
) -> State {
    State { letters, name, thousands, handed_over, towns }
}

const fn town(
    municipality: u16,
    name: &'static str,
    thousands: u32,
    north_e2: i32,
    west_e2: i32,
) -> Town {
    Town { municipality, name, thousands, north_e2, west_e2 }
}

/// The states in INEGI's order.
pub const STATES: [State; 32] = [
    state(
        "AS",
        "Aguascalientes",
        1_426,
        false,
        &[
            town(1, "Aguascalientes", 949, 2188, 10229),
            town(7, "Rincón de Romos", 57, 2223, 10232),
            town(3, "Calvillo", 58, 2185, 10272),
        ],
    ),
    state(
        "BC",
        "Baja California",
        3_769,
        true,
        &[
            town(2, "Mexicali", 1_050, 3262, 11545),
            town(4, "Tijuana", 1_923, 3251, 11700),
            town(1, "Ensenada", 444, 3186, 11660),
            town(6, "San Quintín", 118, 3056, 11594),
        ],
    ),
    state(
        "BS",
        "Baja California Sur",
        798,
        true,
        &[
            town(8, "Los Cabos", 351, 2306, 10971),
            town(3, "La Paz", 292, 2414, 11031),
            town(1, "Comondú", 73, 2503, 11167),
            town(9, "Loreto", 18, 2601, 11135),
            town(2, "Santa Rosalía", 64, 2734, 11227),
        ],
    ),
    state(
        "CC",
        "Campeche",
        928,
        true,
        &[
            town(2, "Campeche", 294, 1984, 9053),
            town(9, "Escárcega", 59, 1861, 9073),
            town(3, "Ciudad del Carmen", 249, 1865, 9181),
        ],
    ),
    state(
        "CL",
        "Coahuila",
        3_147,
        false,
        &[
            town(35, "Torreón", 720, 2554, 10342),
            town(30, "Saltillo", 880, 2542, 10100),
            town(18, "Monclova", 237, 2691, 10142),
            town(25, "Piedras Negras", 176, 2870, 10052),
            town(2, "Ciudad Acuña", 163, 2932, 10095),
        ],
    ),
    state(
        "CM",
        "Colima",
        731,
        true,
        &[
            town(7, "Manzanillo", 191, 1912, 10431),
            town(9, "Tecomán", 116, 1891, 10388),
            town(2, "Colima", 157, 1924, 10372),
        ],
    ),
    state(
        "CS",
        "Chiapas",
        5_544,
        true,
        &[
            town(101, "Tuxtla Gutiérrez", 604, 1675, 9312),
            town(78, "San Cristóbal de las Casas", 216, 1674, 9264),
            town(59, "Ocosingo", 235, 1691, 9209),
            town(19, "Comitán", 166, 1625, 9213),
            town(89, "Tapachula", 354, 1490, 9226),
        ],
    ),
    state(
        "CH",
        "Chihuahua",
        3_742,
        false,
        &[
            town(32, "Hidalgo del Parral", 117, 2693, 10567),
            town(21, "Delicias", 150, 2819, 10547),
            town(19, "Chihuahua", 938, 2864, 10608),
            town(17, "Cuauhtémoc", 180, 2841, 10687),
            town(37, "Ciudad Juárez", 1_512, 3169, 10642),
            town(52, "Ojinaga", 25, 2956, 10441),
        ],
    ),
    state(
        "DF",
        "Ciudad de México",
        9_210,
        true,
        &[
            town(5, "Gustavo A. Madero", 1_173, 1948, 9911),
            town(15, "Cuauhtémoc", 546, 1943, 9915),
            town(10, "Álvaro Obregón", 760, 1936, 9922),
            town(12, "Tlalpan", 700, 1929, 9917),
            town(3, "Coyoacán", 614, 1933, 9916),
            town(7, "Iztapalapa", 1_835, 1936, 9907),
        ],
    ),
    state(
        "DG",
        "Durango",
        1_833,
        false,
        &[
            town(7, "Gómez Palacio", 373, 2556, 10350),
            town(5, "Durango", 689, 2402, 10466),
            town(32, "Santiago Papasquiaro", 49, 2504, 10542),
        ],
    ),
    state(
        "GT",
        "Guanajuato",
        6_167,
        false,
        &[
            town(20, "León", 1_721, 2112, 10168),
            town(15, "Guanajuato", 195, 2102, 10126),
            town(17, "Irapuato", 593, 2068, 10135),
            town(27, "Salamanca", 273, 2057, 10120),
            town(7, "Celaya", 521, 2053, 10082),
        ],
    ),
    state(
        "GR",
        "Guerrero",
        3_541,
        true,
        &[
            town(38, "Zihuatanejo", 126, 1764, 10155),
            town(1, "Acapulco", 780, 1686, 9988),
            town(29, "Chilpancingo", 283, 1755, 9950),
            town(35, "Iguala", 154, 1835, 9954),
            town(66, "Tlapa", 97, 1754, 9858),
        ],
    ),
    state(
        "HG",
        "Hidalgo",
        3_083,
        true,
        &[
            town(76, "Tula", 115, 2005, 9934),
            town(30, "Ixmiquilpan", 98, 2048, 9922),
            town(48, "Pachuca", 314, 2012, 9873),
            town(77, "Tulancingo", 168, 2008, 9836),
            town(28, "Huejutla", 126, 2114, 9842),
        ],
    ),
    state(
        "JC",
        "Jalisco",
        8_348,
        false,
        &[
            town(67, "Puerto Vallarta", 292, 2064, 10522),
            town(120, "Zapopan", 1_476, 2072, 10339),
            town(39, "Guadalajara", 1_386, 2067, 10335),
            town(93, "Tepatitlán", 150, 2081, 10276),
            town(53, "Lagos de Moreno", 172, 2136, 10193),
            town(23, "Ciudad Guzmán", 115, 1971, 10346),
        ],
    ),
    state(
        "MC",
        "México",
        16_992,
        true,
        &[
            town(106, "Toluca", 911, 1929, 9966),
            town(57, "Naucalpan", 834, 1948, 9924),
            town(33, "Ecatepec", 1_645, 1960, 9905),
            town(99, "Texcoco", 278, 1951, 9888),
            town(58, "Nezahualcóyotl", 1_077, 1940, 9901),
            town(25, "Chalco", 401, 1926, 9890),
        ],
    ),
    state(
        "MN",
        "Michoacán",
        4_749,
        true,
        &[
            town(112, "Zitácuaro", 157, 1944, 10036),
            town(53, "Morelia", 849, 1970, 10119),
            town(108, "Zamora", 205, 1999, 10228),
            town(102, "Uruapan", 357, 1942, 10206),
            town(6, "Apatzingán", 126, 1909, 10235),
            town(52, "Lázaro Cárdenas", 196, 1796, 10219),
        ],
    ),
    state(
        "MS",
        "Morelos",
        1_972,
        true,
        &[
            town(7, "Cuernavaca", 378, 1892, 9923),
            town(12, "Jojutla", 58, 1861, 9918),
            town(6, "Cuautla", 187, 1881, 9895),
        ],
    ),
    state(
        "NT",
        "Nayarit",
        1_235,
        true,
        &[
            town(20, "Bahía de Banderas", 188, 2080, 10525),
            town(17, "Tepic", 425, 2151, 10489),
            town(15, "Santiago Ixcuintla", 94, 2181, 10521),
        ],
    ),
    state(
        "NL",
        "Nuevo León",
        5_784,
        false,
        &[
            town(33, "Linares", 85, 2486, 9957),
            town(39, "Monterrey", 1_143, 2569, 10032),
            town(6, "Apodaca", 657, 2578, 10019),
            town(44, "Sabinas Hidalgo", 34, 2651, 10018),
            town(5, "Anáhuac", 18, 2724, 10013),
        ],
    ),
    state(
        "OC",
        "Oaxaca",
        4_132,
        true,
        &[
            town(39, "Huajuapan", 78, 1781, 9778),
            town(67, "Oaxaca", 271, 1706, 9672),
            town(184, "Tuxtepec", 159, 1809, 9612),
            town(43, "Juchitán", 114, 1643, 9502),
            town(318, "Puerto Escondido", 49, 1587, 9707),
        ],
    ),
    state(
        "PL",
        "Puebla",
        6_583,
        true,
        &[
            town(71, "Huauchinango", 103, 2018, 9805),
            town(174, "Teziutlán", 103, 1982, 9736),
            town(114, "Puebla", 1_692, 1904, 9820),
            town(19, "Atlixco", 142, 1891, 9843),
            town(156, "Tehuacán", 327, 1846, 9739),
        ],
    ),
    state(
        "QT",
        "Querétaro",
        2_368,
        false,
        &[
            town(9, "Jalpan", 27, 2122, 9947),
            town(4, "Cadereyta", 69, 2069, 9982),
            town(16, "San Juan del Río", 298, 2039, 9999),
            town(14, "Querétaro", 1_050, 2059, 10039),
        ],
    ),
    state(
        "QR",
        "Quintana Roo",
        1_858,
        true,
        &[
            town(5, "Cancún", 912, 2116, 8688),
            town(8, "Playa del Carmen", 334, 2064, 8709),
            town(2, "Felipe Carrillo Puerto", 84, 1958, 8805),
            town(4, "Chetumal", 234, 1852, 8832),
        ],
    ),
    state(
        "SP",
        "San Luis Potosí",
        2_822,
        true,
        &[
            town(20, "Matehuala", 103, 2365, 10064),
            town(28, "San Luis Potosí", 911, 2214, 10098),
            town(24, "Rioverde", 98, 2193, 9999),
            town(13, "Ciudad Valles", 180, 2199, 9901),
            town(37, "Tamazunchale", 96, 2126, 9879),
        ],
    ),
    state(
        "SL",
        "Sinaloa",
        3_027,
        true,
        &[
            town(1, "Los Mochis", 459, 2579, 10899),
            town(11, "Guasave", 290, 2557, 10847),
            town(6, "Culiacán", 1_003, 2480, 10739),
            town(12, "Mazatlán", 502, 2325, 10640),
        ],
    ),
    state(
        "SR",
        "Sonora",
        2_945,
        true,
        &[
            town(55, "San Luis Río Colorado", 200, 3246, 11477),
            town(43, "Nogales", 265, 3131, 11094),
            town(30, "Hermosillo", 936, 2909, 11096),
            town(29, "Guaymas", 157, 2793, 11089),
            town(18, "Ciudad Obregón", 436, 2748, 10993),
            town(42, "Navojoa", 164, 2708, 10944),
        ],
    ),
    state(
        "TC",
        "Tabasco",
        2_403,
        true,
        &[
            town(2, "Cárdenas", 243, 1799, 9338),
            town(5, "Comalcalco", 214, 1827, 9322),
            town(4, "Villahermosa", 684, 1799, 9293),
            town(12, "Macuspana", 158, 1776, 9260),
        ],
    ),
    state(
        "TS",
        "Tamaulipas",
        3_528,
        true,
        &[
            town(27, "Nuevo Laredo", 425, 2748, 9951),
            town(32, "Reynosa", 705, 2608, 9829),
            town(22, "Matamoros", 542, 2587, 9750),
            town(41, "Ciudad Victoria", 350, 2373, 9914),
            town(38, "Tampico", 298, 2225, 9787),
        ],
    ),
    state(
        "TL",
        "Tlaxcala",
        1_343,
        true,
        &[
            town(33, "Tlaxcala", 100, 1932, 9824),
            town(5, "Apizaco", 81, 1941, 9814),
            town(13, "Huamantla", 98, 1931, 9792),
        ],
    ),
    state(
        "VZ",
        "Veracruz",
        8_063,
        true,
        &[
            town(131, "Poza Rica", 190, 2053, 9746),
            town(102, "Martínez de la Torre", 108, 2007, 9705),
            town(87, "Xalapa", 489, 1953, 9692),
            town(44, "Córdoba", 205, 1889, 9694),
            town(193, "Veracruz", 607, 1918, 9614),
            town(39, "Coatzacoalcos", 311, 1814, 9444),
        ],
    ),
    state(
        "YN",
        "Yucatán",
        2_321,
        true,
        &[
            town(79, "Tekax", 46, 2020, 8929),
            town(50, "Mérida", 995, 2097, 8962),
            town(102, "Valladolid", 86, 2069, 8820),
            town(96, "Tizimín", 81, 2114, 8815),
        ],
    ),
    state(
        "ZS",
        "Zacatecas",
        1_622,
        true,
        &[
            town(39, "Río Grande", 65, 2382, 10303),
            town(10, "Fresnillo", 241, 2317, 10287),
            town(56, "Zacatecas", 150, 2277, 10258),
            town(20, "Jerez", 60, 2265, 10299),
        ],
    ),
];
