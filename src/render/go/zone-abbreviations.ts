// The abbreviations of time zones in tzdata 2025 (public domain), which Go prints for `MST` in a layout and Intl does not know.
// Where an offset is not listed the zone has none, and its name is the offset itself (`+03`). One row for all zones that agree since
// 1970: the offsets in seconds with their abbreviations, and the zones.

/** Rows of offsets and zones. */
export const ZONE_ABBREVIATIONS: readonly (readonly [abbreviations: string, zones: string])[] = [
  [
    '3600=CET 7200=CEST',
    'Africa/Tunis Arctic/Longyearbyen Atlantic/Jan_Mayen CET Europe/Amsterdam Europe/Andorra Europe/Belgrade ' +
      'Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Budapest Europe/Busingen Europe/Copenhagen ' +
      'Europe/Gibraltar Europe/Ljubljana Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Monaco Europe/Oslo ' +
      'Europe/Paris Europe/Podgorica Europe/Prague Europe/Rome Europe/San_Marino Europe/Sarajevo Europe/Skopje ' +
      'Europe/Stockholm Europe/Tirane Europe/Vaduz Europe/Vatican Europe/Vienna Europe/Warsaw Europe/Zagreb ' +
      'Europe/Zurich Poland',
  ],
  [
    '0=GMT',
    'Africa/Abidjan Africa/Accra Africa/Bamako Africa/Banjul Africa/Bissau Africa/Conakry Africa/Dakar ' +
      'Africa/Freetown Africa/Lome Africa/Nouakchott Africa/Ouagadougou Africa/Timbuktu America/Danmarkshavn ' +
      'Atlantic/Reykjavik Atlantic/St_Helena Etc/GMT Etc/GMT+0 Etc/GMT-0 Etc/GMT0 Etc/Greenwich GMT GMT+0 GMT-0 ' +
      'GMT0 Greenwich Iceland',
  ],
  [
    '-21600=CST -18000=CDT',
    'America/Belize America/Chicago America/Costa_Rica America/El_Salvador America/Guatemala ' +
      'America/Indiana/Knox America/Knox_IN America/Managua America/Matamoros America/Menominee America/Merida ' +
      'America/Mexico_City America/Monterrey America/Rainy_River America/Rankin_Inlet America/Resolute ' +
      'America/Tegucigalpa America/Winnipeg CST6CDT Canada/Central Mexico/General US/Central US/Indiana-Starke',
  ],
  [
    '-18000=EST -14400=EDT',
    'America/Detroit America/Fort_Wayne America/Grand_Turk America/Indiana/Indianapolis ' +
      'America/Indiana/Marengo America/Indiana/Vevay America/Indianapolis America/Jamaica ' +
      'America/Kentucky/Louisville America/Louisville America/Montreal America/Nassau America/New_York ' +
      'America/Nipigon America/Port-au-Prince America/Thunder_Bay America/Toronto Canada/Eastern EST5EDT ' +
      'Jamaica US/East-Indiana US/Eastern US/Michigan',
  ],
  [
    '-14400=AST',
    'America/Anguilla America/Antigua America/Aruba America/Blanc-Sablon America/Curacao America/Dominica ' +
      'America/Grenada America/Guadeloupe America/Kralendijk America/Lower_Princes America/Marigot ' +
      'America/Miquelon America/Montserrat America/Port_of_Spain America/Puerto_Rico America/St_Barthelemy ' +
      'America/St_Kitts America/St_Lucia America/St_Thomas America/St_Vincent America/Tortola America/Virgin',
  ],
  [
    '7200=EET 10800=EEST',
    'Africa/Cairo Asia/Beirut Asia/Famagusta Asia/Gaza Asia/Hebron Asia/Nicosia EET Egypt Europe/Athens ' +
      'Europe/Bucharest Europe/Helsinki Europe/Mariehamn Europe/Nicosia Europe/Sofia',
  ],
  [
    '36000=AEST 39600=AEDT',
    'Antarctica/Macquarie Australia/ACT Australia/Brisbane Australia/Canberra Australia/Currie ' +
      'Australia/Hobart Australia/Lindeman Australia/Melbourne Australia/NSW Australia/Queensland ' +
      'Australia/Sydney Australia/Tasmania Australia/Victoria',
  ],
  [
    '-25200=MST -21600=MDT',
    'America/Boise America/Denver America/Edmonton America/Hermosillo America/Mazatlan America/Shiprock ' +
      'America/Yellowknife Canada/Mountain MST7MDT Mexico/BajaSur Navajo US/Mountain',
  ],
  [
    '10800=EAT',
    'Africa/Addis_Ababa Africa/Asmara Africa/Asmera Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala ' +
      'Africa/Mogadishu Africa/Nairobi Indian/Antananarivo Indian/Comoro Indian/Mayotte',
  ],
  [
    '3600=WAT',
    'Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville ' +
      'Africa/Luanda Africa/Malabo Africa/Niamey Africa/Porto-Novo',
  ],
  [
    '-28800=PST -25200=PDT',
    'America/Ensenada America/Los_Angeles America/Santa_Isabel America/Tijuana America/Vancouver ' +
      'Canada/Pacific Mexico/BajaNorte PST8PDT US/Pacific',
  ],
  [
    '28800=CST 32400=CDT',
    'Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Macao Asia/Macau Asia/Shanghai Asia/Taipei PRC ROC',
  ],
  [
    '-14400=AST -10800=ADT',
    'America/Barbados America/Glace_Bay America/Halifax America/Martinique America/Moncton America/Thule ' +
      'Atlantic/Bermuda Canada/Atlantic',
  ],
  ['0=UTC', 'Etc/UCT Etc/UTC Etc/Universal Etc/Zulu UCT UTC Universal Zulu'],
  [
    '7200=CAT',
    'Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Kigali Africa/Lubumbashi ' +
      'Africa/Lusaka Africa/Maputo',
  ],
  [
    '7200=EET 10800=EEST 14400=MSD',
    'Europe/Chisinau Europe/Kiev Europe/Kyiv Europe/Riga Europe/Tallinn Europe/Tiraspol Europe/Uzhgorod ' +
      'Europe/Zaporozhye',
  ],
  [
    '-21600=CST -18000=EST -14400=EDT',
    'America/Cancun America/Indiana/Petersburg America/Indiana/Vincennes America/Indiana/Winamac ' +
      'America/Iqaluit America/Kentucky/Monticello America/Pangnirtung',
  ],
  ['0=GMT 3600=BST', 'Europe/Belfast Europe/Guernsey Europe/Isle_of_Man Europe/Jersey Europe/London GB GB-Eire'],
  [
    '-25200=MST -21600=CST -18000=CDT',
    'America/Bahia_Banderas America/Chihuahua America/North_Dakota/Beulah America/North_Dakota/Center ' +
      'America/North_Dakota/New_Salem America/Ojinaga',
  ],
  ['-18000=EST', 'America/Atikokan America/Cayman America/Coral_Harbour America/Panama EST'],
  ['0=WET 3600=WEST', 'Atlantic/Canary Atlantic/Faeroe Atlantic/Faroe Atlantic/Madeira WET'],
  ['7200=EET', 'Asia/Amman Asia/Damascus Asia/Istanbul Europe/Istanbul Turkey'],
  ['-39600=SST', 'Pacific/Midway Pacific/Pago_Pago Pacific/Samoa US/Samoa'],
  ['-36000=HST', 'HST Pacific/Honolulu Pacific/Johnston US/Hawaii'],
  ['-28800=PST -25200=MST', 'America/Dawson_Creek America/Fort_Nelson America/Whitehorse Canada/Yukon'],
  ['-25200=MST', 'America/Creston America/Phoenix MST US/Arizona'],
  ['34200=ACST 37800=ACDT', 'Australia/Adelaide Australia/Broken_Hill Australia/South Australia/Yancowinna'],
  ['43200=NZST 46800=NZDT', 'Antarctica/McMurdo Antarctica/South_Pole NZ Pacific/Auckland'],
  ['-39600=BST -36000=HST -32400=HDT', 'America/Adak America/Atka US/Aleutian'],
  ['-32400=AKST -28800=AKDT -25200=PDT', 'America/Juneau America/Metlakatla America/Sitka'],
  ['7200=EET 10800=MSK 14400=MSK', 'Europe/Moscow Europe/Simferopol W-SU'],
  ['7200=IST 10800=IDT', 'Asia/Jerusalem Asia/Tel_Aviv Israel'],
  ['7200=SAST', 'Africa/Johannesburg Africa/Maseru Africa/Mbabane'],
  ['-36000=AHST -32400=AKST -28800=AKDT', 'America/Anchorage US/Alaska'],
  ['-21600=CST', 'America/Regina Canada/Saskatchewan'],
  ['-18000=CST -14400=CDT', 'America/Havana Cuba'],
  ['-12600=NST -9000=NDT -5400=NDDT', 'America/St_Johns Canada/Newfoundland'],
  ['0=-00', 'Antarctica/Rothera Antarctica/Vostok'],
  ['0=GMT 3600=IST', 'Eire Europe/Dublin'],
  ['0=WET 3600=CET 7200=CEST', 'Africa/Algiers Africa/Ceuta'],
  ['0=WET 3600=WEST 7200=CEST', 'Europe/Lisbon Portugal'],
  ['3600=CET 7200=EET', 'Africa/Tripoli Libya'],
  ['7200=CAT 10800=EAT', 'Africa/Juba Africa/Khartoum'],
  ['7200=EET 14400=MSD', 'Europe/Kaliningrad Europe/Minsk'],
  ['19800=IST', 'Asia/Calcutta Asia/Kolkata'],
  ['28800=AWST 32400=AWDT', 'Australia/Perth Australia/West'],
  ['28800=HKT 32400=HKST', 'Asia/Hong_Kong Hongkong'],
  ['28800=WITA', 'Asia/Makassar Asia/Ujung_Pandang'],
  ['32400=JST', 'Asia/Tokyo Japan'],
  ['32400=KST 36000=KDT', 'Asia/Seoul ROK'],
  ['34200=ACST', 'Australia/Darwin Australia/North'],
  ['36000=AEST', 'Australia/LHI Australia/Lord_Howe'],
  ['36000=ChST 39600=GDT', 'Pacific/Guam Pacific/Saipan'],
  ['-39600=BST -36000=BDT -32400=AKST -28800=AKDT', 'America/Nome'],
  ['-32400=AKST -28800=AKDT', 'America/Yakutat'],
  ['-32400=YST -28800=PST -25200=MST', 'America/Dawson'],
  ['-28800=PST -25200=MST -21600=MDT', 'America/Inuvik'],
  ['-25200=MST -21600=CST', 'America/Swift_Current'],
  ['-25200=MST -21600=MDT -18000=CDT', 'America/Ciudad_Juarez'],
  ['-25200=MST -21600=MDT -18000=EST', 'America/Cambridge_Bay'],
  ['-21600=CST -18000=CDT -14400=EDT', 'America/Indiana/Tell_City'],
  ['-18000=EST -14400=AST', 'America/Santo_Domingo'],
  ['-14400=AST -10800=ADT -7200=ADDT', 'America/Goose_Bay'],
  ['-2670=MMT 0=GMT', 'Africa/Monrovia'],
  ['0=GMT 3600=WAT', 'Africa/Sao_Tome'],
  ['3600=CET 7200=EET 10800=EEST 14400=MSD', 'Europe/Vilnius'],
  ['3600=MET 7200=MEST', 'MET'],
  ['3600=WAT 7200=CAT', 'Africa/Windhoek'],
  ['3600=WAT 7200=WAST', 'Africa/Ndjamena'],
  ['3600=WEST', 'Atlantic/Azores'],
  ['10800=MSK', 'Europe/Volgograd'],
  ['10800=MSK 14400=MSK', 'Europe/Kirov'],
  ['18000=PKT 21600=PKST', 'Asia/Karachi'],
  ['25200=WIB', 'Asia/Jakarta'],
  ['25200=WIB 28800=WITA', 'Asia/Pontianak'],
  ['28800=PST 32400=PDT', 'Asia/Manila'],
  ['30600=KST 32400=KST', 'Asia/Pyongyang'],
  ['32400=WIT', 'Asia/Jayapura'],
];
