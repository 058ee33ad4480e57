"""Theme 15: which code page a file is written in. A seeded generator makes small tables of many languages in the code pages that people
save them in; what counts is the decoded text, and that a wrong one is said to be a guess."""
import codecs
import json
import random

import pytest

from conftest import notices

WORDS = {
    "english": "it’s don’t O’Brien she’ll we’re “Hello ”hello” “yes” – — … €5 £20 café naïve résumé Zoë 25° ‘tis’ rock’n’roll ½ ™ "
               "company’s Smith’s you’ve I’m “no” “quality”",
    "french": "Besançon élève forêt Noël où garçon œuvre café Hélène François Île l’été d’accord «oui» château naïf août Évry français "
              "numéro société déjà Orléans Nîmes qu’il aujourd’hui",
    "german": "Müller Köln Straße schön größer Jäger Düsseldorf Österreich Übung Äpfel München Grüße weiß Bäcker Zürich für Fürth "
              "Größe Höhe Käse „gut“ Lübeck Björn",
    "spanish": "García Málaga Peña mañana Logroño José Álvarez ¿Qué? ¡Hola! Martínez León Cádiz número año Ángel España Rodríguez "
               "Muñoz corazón teléfono dirección Nº Bogotá Jiménez",
    "portuguese": "São João Conceição maçã Goiânia endereço não informação Belém Brasília órgão coração Antônio Gonçalves três lições "
                  "município Ação Paraná à Sebastião",
    "italian": "città perché università Forlì dell’arte è più l’Aquila però Niccolò già qualità Cantù lunedì caffè società",
    "swedish": "Malmö Göteborg Åsa Västerås Örebro Luleå Björk räksmörgås Älvsjö Jönköping Håkan Gävle Södertälje Östersund lön",
    "danish": "Århus Ærø København Søren blåbær Jørgen Rødovre Øster Næstved Helsingør Bjørn Åse Tromsø kjøtt Håvard",
    "finnish": "Jyväskylä Mäkinen Hämeenlinna Päivi yö Seinäjoki Hyvinkää Töölö Åbo Väinö Lähde pöytä",
    "icelandic": "Þór Jón Björn Guðmundur Ísafjörður Sæmundur Þingvellir Ólafur Höfn Kópavogur Sigríður Ágúst",
    "dutch": "coördinatie België geïnteresseerd Zoë één patiënt ruïne Curaçao efficiënt reünie",
    "polish": "Łódź Kraków Wójcik Dąbrowska Gdańsk Śląsk Zieliński Żak Małgorzata Poznań Częstochowa Łukasz kość życie ulica_Żółta Święty "
              "Michał Rzeszów Wrocław Bełchatów",
    "czech": "Dvořák Plzeň Děčín Růžička Třebíč Ústí Šťastný Čapková Jiří Zdeněk město příjmení Žďár Novotná Kučera Přerov Brně Černý "
             "Hradec Králové",
    "hungarian": "Győr Pécs Szűcs Nagykőrös István Béla Székesfehérvár Kőszegi Füst László név város Tóth Gergő Sütő Művész Nyíregyháza",
    "romanian": "Brăila Timişoara Iaşi Râmnicu Constanţa Ploieşti Bacău Ştefan oraş Gheorghiţă Ţăndărei Târgu Mureş Călin",
    "croatian": "Šibenik Đakovo Požega Čakovec Horvatić Županja Marušić Kovačević Senj Krčmar Škoda Tuđman Čačak Hrvaćani",
    "turkish": "İstanbul Şişli Çankaya Muğla Ağrı Ümraniye Kadıköy Gülşah Özgür Doğan çalışma Beşiktaş Iğdır Balıkesir şehir",
    "russian": "Москва Казань Иванов Петров Смирнова Екатеринбург город улица Ленина Самара имя отчество Пермь товар цена Ольга",
    "ukrainian": "Київ Львів Шевченко Коваленко місто Їжакевич Харків вулиця Єва ціна Ґалаґан Чернігів",
    "greek": "Αθήνα Πάτρα Γιώργος Μαρία Θεσσαλονίκη Παπαδόπουλος πόλη όνομα Λάρισα Ηράκλειο Δημήτρης",
    "chinese": "北京 上海 广州 深圳 王小明 李华 张伟 客户名称 订单编号 数量 价格 人民币 公司 有限公司 地址 电话 备注 已完成 浙江省 杭州市",
    "taiwanese": "臺北市 高雄市 王小明 陳美玲 林志豪 客戶名稱 訂單編號 數量 價格 新台幣 股份有限公司 地址 電話 備註 已完成 張雅婷 黃淑芬",
    "japanese": "東京都 大阪府 田中太郎 鈴木花子 佐藤 顧客名 注文番号 数量 価格 株式会社 住所 電話番号 完了 カタカナ ひらがな テスト です ありがとう",
    "korean": "서울특별시 부산광역시 김철수 이영희 박민수 고객명 주문번호 수량 가격 주식회사 주소 전화번호 완료 대한민국 경기도",
}
WESTERN = ["english", "french", "german", "spanish", "portuguese", "italian", "swedish", "danish", "finnish", "icelandic", "dutch"]
PAGES = {
    "cp1252": WESTERN, "latin1": WESTERN, "iso8859-15": WESTERN, "mac-roman": WESTERN, "cp850": WESTERN, "cp437": WESTERN,
    "cp1250": ["polish", "czech", "hungarian", "romanian", "croatian"], "iso8859-2": ["polish", "czech", "hungarian", "romanian", "croatian"],
    "cp852": ["polish", "czech", "hungarian", "croatian"], "cp1254": ["turkish"],
    "cp1251": ["russian", "ukrainian"], "koi8-r": ["russian"], "cp866": ["russian"], "cp1253": ["greek"],
    "gbk": ["chinese"], "shift-jis": ["japanese"], "euc-jp": ["japanese"], "euc-kr": ["korean"], "big5": ["taiwanese"],
}
PLAIN = "alpha beta order north river stone Anna Peter Berlin Madrid total delta Susan market winter apple house Robert street number".split()


def fits(word, page):
    try:
        return bool(word.encode(page)) and not word.isascii()
    except UnicodeEncodeError:
        return False


def tables(seed, page, language, kinds):
    """A table in which that many different words are beyond ASCII."""
    draw = random.Random(f"{seed} {page} {language} {kinds}")
    words = [w for w in WORDS[language].split() if fits(w, page)]
    chosen = draw.sample(words, min(kinds, len(words)))
    rows = ["id,name,place,amount"]
    places = {draw.randrange(40): w for w in chosen}
    while len(places) < len(chosen):
        places[draw.randrange(40)] = chosen[len(places)]
    for row in range(40):
        cells = [draw.choice(PLAIN), draw.choice(PLAIN)]
        if row in places:
            cells[draw.randrange(2)] = places[row] if draw.random() < 0.7 else f"{draw.choice(PLAIN)} {places[row]}"
        rows.append(f"{row},{cells[0]},{cells[1]},{draw.randrange(1000)}.{draw.randrange(10)}5")
    return "\n".join(rows) + "\n"


def judge(forge, cases):
    """[(page, language, kinds, right, confidence, found)] of the drawn tables, all looked at in one run."""
    texts = []
    for number, (seed, page, language, kinds) in enumerate(cases):
        text = tables(seed, page, language, kinds)
        texts.append(text)
        forge.write(f"in/{number:05d}.csv", text.encode(page))
    verdicts = []
    for at in range(0, len(cases), 500):
        done = forge.run("sniff", "--json", *[f"in/{n:05d}.csv" for n in range(at, min(at + 500, len(cases)))])
        assert done.code == 0, done.err
        verdicts += json.loads(done.out)
    out = []
    for (seed, page, language, kinds), text, verdict in zip(cases, texts, verdicts):
        found = verdict["encoding"]
        try:
            right = text.encode(page).decode(codecs.lookup(found).name) == text
        except (UnicodeDecodeError, LookupError):
            right = False
        out.append((page, language, kinds, right, verdict["encoding_confidence"], found))
    return out


SURE = 0.7  # below it a notice says that the encoding is a guess
# iso8859-15 has a sign for the euro where cp1252 has another: few files have many of them
SEVERAL = {"iso8859-15": 0.8, "iso8859-2": 0.75}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    from conftest import Forge
    cases = [(seed, page, language, kinds) for seed in range(2) for page, languages in PAGES.items() for language in languages
             for kinds in (1, 2, 3, 5, 10, 20)]
    return judge(Forge(tmp_path_factory.mktemp("encodings")), cases)


def test_15_western_windows_text_is_never_taken_for_another_even_with_one_word_beyond_ascii(judged):
    wrong = [c for c in judged if c[0] in ("cp1252", "latin1") and not c[3]]
    assert not wrong, wrong


def test_15_a_wrong_encoding_is_always_said_to_be_a_guess(judged):
    silent = [c for c in judged if not c[3] and c[4] >= SURE]
    assert not silent, silent


@pytest.mark.parametrize("page", PAGES)
def test_15_ten_words_tell_the_encoding(judged, page):
    cases = [c for c in judged if c[0] == page and c[2] >= 10]
    assert sum(c[3] for c in cases) >= SEVERAL.get(page, 0.95) * len(cases), [c for c in cases if not c[3]]


@pytest.mark.parametrize("page,text", [
    ("cp1252", "He said “hello” – it’s fine"), ("cp1252", "the company’s plan – a “new” one…"), ("cp1252", "“a” – “b”, ‘c’ – d’"),
    ("cp1252", "dell’arte, qu’il – l’été"), ("cp1252", "Malmö"), ("cp1252", "Göteborg"), ("cp1252", "Price €5 – “ok”"),
    ("mac-roman", "García Málaga"), ("mac-roman", "naïve café"), ("mac-roman", "the company’s plan – a “new” one…")])
def test_15_signs_and_single_words_of_known_files(forge, page, text):
    names, _ = forge.convert(f'id,name\n1,"{text}"\n2,other\n3,third\n'.encode(page), "--header", "1")
    assert names["name"].to_pylist()[0] == text


def test_15_one_word_that_proves_little_is_western_and_said_to_be_a_guess(forge):
    for text in ("García", "Malmö", "Göteborg"):
        _, result = forge.convert(f"id,name\n1,{text}\n2,other\n".encode("mac-roman"))
        said = [n["detail"] for n in notices(result, "encoding")]
        assert said and said[0].startswith("cp1252 is a guess (confidence 0."), (text, said)


def test_15_a_word_that_comes_a_thousand_times_proves_no_more_than_once(forge):
    once, often = (json.loads(forge.run("sniff", "--json", forge.write("in.csv", b"id,name\n" + b"1,Ale\x9a\n2,other\n" * n)).out) for n in (1, 1000))
    assert once["encoding"] == often["encoding"] == "cp1252" and once["encoding_confidence"] == often["encoding_confidence"]
