#!/usr/bin/env python3
"""Makes patterns and messages for `pandu bench match`: make_patterns.py FOLDER [COUNT ...] [--messages N].

For each COUNT (100, 1000 and 10000 unless given) FOLDER gets patterns_COUNT.tsv (intent TAB PCRE2 expression) and
msgs_COUNT.txt. The same seed gives the same files everywhere. The patterns are what people write by hand: two to
four sets of words in some order with a gap between, a few with a negative lookahead, five without any literal.
"""
import argparse
import os
import random

ROOTS = """gaji|upah|honor;syarat|persyaratan|kriteria;peluang|prospek|masa depan;keahlian|keterampilan|skill;lowongan|loker;
jenjang karier|jenjang karir;sertifikat|sertifikasi;kuliah|jurusan|prodi;tugas|tanggung jawab;tantangan|kesulitan|risiko;
kelebihan|keuntungan;magang|internship;wawancara|interview;pengalaman|jam terbang;pelatihan|kursus|bootcamp;portofolio;
lembur|jam kerja;bonus|tunjangan|thr;buku|bacaan|referensi;perusahaan|kantor|instansi;tes|ujian|psikotes;komunitas|forum;
beasiswa|bantuan biaya;kontrak|pkwt;umur|usia;cuti|libur;pensiun;asuransi|bpjs;promosi|naik jabatan;mutasi|pindah kota"""
TOPICS = """perawat|suster;dokter gigi;apoteker|farmasi;guru|pengajar;dosen;arsitek;desainer grafis;penulis|editor;
wartawan|jurnalis;fotografer;animator;barista;koki|juru masak;pilot;pramugari;pelaut|nakhoda;polisi|polwan;tentara|tni;
pegawai negeri|asn|pns;hakim;jaksa;pengacara|advokat;notaris;psikolog;konselor;rekruter;tenaga penjual|sales;pemasaran;
media sosial|medsos;administrasi|admin;sekretaris;layanan pelanggan;kasir;analis kredit;aktuaris;konsultan pajak;
manajer proyek;penguji perangkat lunak;teknisi jaringan;keamanan siber;analis data;ilmuwan data;teknik sipil;
teknik mesin;teknik kimia;geologi;ahli gizi;bidan;fisioterapis;analis lab;dokter hewan;petani;peternak;nelayan;
kehutanan;juru ukur;kontraktor;tukang las;montir;sopir;kurir;logistik|gudang;pengadaan;ekspor impor;operator pabrik;
satpam;perhotelan;pemandu wisata;penerjemah;pustakawan;peneliti;ekonom;diplomat;pekerja sosial;penyiar;aktor;musisi;
kreator konten;wirausaha;pekerja lepas;penjahit;perias;pelatih;wasit;ahli kimia;fisikawan;astronom;pemadam;terapis;
guru les;staf hukum;kepatuhan;agen properti;analis bisnis;humas;ilustrator;penata suara;robotika;pemetaan"""
ACTIONS = """mem di|buat|kan nya;men di|cari|kan;me di|lamar|an;men ter|daftar|kan;ber per|siap|kan an;me di|pilih|an kan;
me|tingkat|kan;meng di|ubah|nya;bel meng|ajar|an i;meng ber|hubung|i kan;ber me|tanya|kan;mem di|banding|kan;
meng di|atur|an;mem di|bantu|an nya;meng di|hindar|i kan;ber mengem|kembang|kan;me di|mulai|nya;meng di|hitung|an"""
QUESTIONS = "apa|apakah;bagaimana|gimana;berapa|brp;kapan|bila;di mana|dimana;kenapa|mengapa;bisa|boleh|dapat;tolong|mohon"
WISHES = "mau|ingin|pengen|minat"
FILLERS = """ya sih nih kak min dong deh kok lagi banget aku saya kamu kita itu ini yang dan dengan untuk ke dari pada juga
tapi kalau sudah belum akan masih karena soalnya terima kasih halo selamat pagi oke sip hehe teman kakak orang tua rumah
besok kemarin lalu sebenarnya jujur bingung sedikit banyak sangat cukup menurut the a for with really maybe just""".split()
ENDINGS = ["", "", "", "?", "??", "!", "...", " \U0001F60A", " \U0001F64F"]
BARE = [r"^\s*\S{1,2}\s*$", r"(\w)\1{5,}", r"[!?]{4,}", r"^\P{L}+$", r"\b\d{8,13}\b"]


class Slot:
    """Words that mean the same: as an expression, and as what people write."""

    def __init__(self, expression, forms):
        self.expression, self.forms = expression, forms


def words(text):
    forms = text.split("|")
    return Slot(r"\b(?:%s)\b" % "|".join(form.replace(" ", r"\s+") for form in forms), forms)


def action(text):
    before, root, behind = (part.split() for part in text.split("|"))
    expression = r"\b(?:%s)?%s(?:%s)?\b" % ("|".join(before), root[0], "|".join(behind))
    return Slot(expression, [root[0]] + [part + root[0] for part in before] + [root[0] + part for part in behind])


def slots(text, make=words):
    return [make(part) for part in text.replace("\n", "").split(";")]


def intents(count, chance):
    """count intents of five slot lists each."""
    roots, topics, actions = slots(ROOTS), slots(TOPICS), slots(ACTIONS, action)
    questions, wish = slots(QUESTIONS), words(WISHES)
    pairs = [(a, b) for a in roots + actions for b in topics]
    chance.shuffle(pairs)
    for number in range(count):
        a, b = pairs[number % len(pairs)]
        extra = [questions[number // len(pairs) % len(questions)]] if number >= len(pairs) else []
        yield [extra + form for form in ([a, b], [b, a], [chance.choice(questions), a, b], [wish, a, b], [wish, b, a])]


def expression(parts, chance, is_negated):
    text = parts[0].expression
    for part in parts[1:]:
        text += ".{0,%d}" % chance.choice((25, 30, 40, 60)) + part.expression
    return (r"^(?!.*\b(?:bukan|jangan)\b).*" if is_negated else "") + text


def filler(chance, most):
    return [chance.choice(FILLERS) for _ in range(chance.randrange(most + 1))]


def message(all_slots, chance):
    said = filler(chance, 8)
    if chance.random() < 0.7:
        for part in chance.choice(chance.choice(all_slots)):
            said += [chance.choice(part.forms)] + filler(chance, 2)
    elif chance.random() < 0.6:
        said += [chance.choice(chance.choice(chance.choice(all_slots))[0].forms)]
    said += filler(chance, 8) or ["ya"]
    text = " ".join(said)
    style = chance.random()
    text = text.capitalize() if style < 0.35 else text.upper() if style < 0.4 else text
    return text[:200] + chance.choice(ENDINGS)


def make(folder, count, messages):
    chance = random.Random(count)
    all_slots = list(intents(max(count // 5 - 1, 1), chance))
    with open(os.path.join(folder, "patterns_%d.tsv" % count), "w", encoding="utf-8") as file:
        for number, forms in enumerate(all_slots):
            for k, parts in enumerate(forms):
                is_negated = number % 20 == 0 and k == number // 20 % 5
                file.write("%d\t%s\n" % (number, expression(parts, chance, is_negated)))
        for bare in BARE:
            file.write("bare\t%s\n" % bare)
    with open(os.path.join(folder, "msgs_%d.txt" % count), "w", encoding="utf-8") as file:
        for _ in range(messages):
            file.write(message(all_slots, chance) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("counts", nargs="*", type=int, default=[100, 1000, 10000])
    parser.add_argument("--messages", type=int, default=2000)
    arguments = parser.parse_args()
    os.makedirs(arguments.folder, exist_ok=True)
    for count in arguments.counts:
        make(arguments.folder, count, arguments.messages)


if __name__ == "__main__":
    main()
