//! Words to write records with.

use crate::random::Random;

pub(super) const CITIES: [&str; 12] =
    ["Hamburg", "Lyon", "Porto", "Gdansk", "Oslo", "Turin", "Ghent", "Malmo", "Brno", "Cork", "Graz", "Utrecht"];
pub(super) const COUNTRIES: [&str; 8] = ["DE", "FR", "PT", "PL", "NO", "IT", "BE", "SE"];
pub(super) const NAMES: [&str; 12] =
    ["anna", "bruno", "carla", "dmitri", "elena", "farid", "greta", "hiro", "ines", "jonas", "keiko", "lucia"];
pub(super) const CURRENCIES: [&str; 4] = ["EUR", "USD", "GBP", "SEK"];

/// Words of one script each, and signs that stand for whole words.
const SCRIPTS: [&[&str]; 7] = [
    &["погода", "сегодня", "хорошая", "и", "мы", "пошли", "гулять", "в", "парк", "где", "много", "деревьев"],
    &["今日は", "天気が", "いいので", "公園を", "散歩して", "から", "友達と", "昼ご飯を", "食べました"],
    &["今天", "天气", "很好", "我们", "去", "公园", "散步", "然后", "一起", "吃", "午饭", "晚上", "看", "电影"],
    &["الطقس", "جميل", "اليوم", "ذهبنا", "إلى", "الحديقة", "مع", "الأصدقاء", "ثم", "عدنا"],
    &["आज", "मौसम", "अच्छा", "है", "हम", "बगीचे", "में", "घूमने", "गए", "और", "फिर", "घर", "लौटे"],
    &["καιρός", "σήμερα", "ωραίος", "πήγαμε", "βόλτα", "στο", "πάρκο", "και", "μετά", "σπίτι"],
    &["👍", "🎉", "😀", "🌳", "☀️", "🚲", "📷", "❤️"],
];
const LATIN: [&str; 12] =
    ["weather", "today", "über", "après", "señal", "naïve", "walk", "garden", "Straße", "lunch", "œuvre", "smörgås"];
/// What text has beside words, written as JSON writes it.
const ESCAPED: [&str; 6] = ["\\n", "\\\"", "\\t", "\\u00a0", "\\ud83d\\ude42", "\\/"];

/// Writes words of one script, mixed with Latin ones, signs and escapes, until they have `bytes` or a word more.
pub(super) fn write_text(bytes: usize, random: &mut Random, out: &mut Vec<u8>) {
    let end = out.len() + bytes;
    let script = SCRIPTS[random.below(SCRIPTS.len() - 1)];
    let signs = SCRIPTS[SCRIPTS.len() - 1];
    while out.len() < end {
        let word = match random.below(24) {
            0 => random.pick(&ESCAPED),
            1 => random.pick(signs),
            2 | 3 => random.pick(&LATIN),
            _ => random.pick(script),
        };
        out.extend_from_slice(word.as_bytes());
        out.push(b' ');
    }
}
