//! Lines of the published guideline and of the forms people use, and properties of any text.

use proptest::prelude::*;

use super::*;

/// Writes the spans as `kind=words`.
fn said(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    let word = |span: &NumberSpan| {
        let part: String = letters[span.start..span.end].iter().collect();
        let kind = serde_json::to_value(span.kind).expect("a word");
        format!("{}={part}", kind.as_str().expect("a word"))
    };
    cut(line).iter().map(word).collect::<Vec<_>>().join(" ")
}

/// Line and spans.
type Row = (&'static str, &'static str);

fn check(rows: &[Row]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter(|(line, wanted)| said(line) != *wanted)
        .map(|(line, wanted)| format!("{line}: wanted {wanted}, got {}", said(line)))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn lines_of_the_published_guideline() {
    check(&[
        ("杭州市富阳区戴家墩路91号东阳诚心木线(富阳店)", "roadno=91号"),
        ("西藏自治区日喀则地区定日县柑碑村712号", "roadno=712号"),
        (
            "内蒙古自治区呼和浩特市土默特左旗金川开发区公元仰山9号楼2单元202",
            "houseno=9号楼 cellno=2单元 roomno=202",
        ),
        ("上海市 静安区 共和新路街道 柳营路669弄14号1102", "roadno=669弄 houseno=14号 roomno=1102"),
        ("五常街道顾家桥社区河西北9号衣服鞋子店", "roadno=9号"),
        ("静安区江场三路238号1613室", "roadno=238号 roomno=1613室"),
        ("沿山村5组6号", "roadno=5组6号"),
        ("浙江省台州市临海市江南大道创业大道288号", "roadno=288号"),
        ("浙江省杭州市余杭区五常街道文一西路969号阿里巴巴西溪园区", "roadno=969号"),
        ("西湖区新金都城市花园西雅园10幢3底层", "houseno=10幢 floorno=3底层"),
        ("广宁伯街2号金泽大厦东区15层", "roadno=2号 floorno=15层"),
        ("阿里巴巴西溪园区6号楼小邮局", "houseno=6号楼"),
        ("金牛区九里堤街道 金府机电城A区3栋16号", "houseno=3栋 roomno=16号"),
        ("竹海水韵春风里12-3-1001", "houseno=12 cellno=3 roomno=1001"),
        ("春风里7-2-801", "houseno=7 cellno=2 roomno=801"),
        ("蒋村花园新达苑18幢二单元101", "houseno=18幢 cellno=二单元 roomno=101"),
        ("东中街29号东环广场B座5层信达资本", "roadno=29号 houseno=B座 floorno=5层"),
        ("马连道马正和大厦3层我的未来网总部", "floorno=3层"),
        ("良渚街道沈港路11号2楼 常春藤公司", "roadno=11号 floorno=2楼"),
        ("智慧产业园二期一号楼", "houseno=一号楼"),
    ]);
}

#[test]
fn forms_that_people_use() {
    check(&[
        ("文一西路969号", "roadno=969号"),
        ("阳光花园3号楼2单元501室", "houseno=3号楼 cellno=2单元 roomno=501室"),
        ("阳光花园３＃２单元５０１", "houseno=３＃ cellno=２单元 roomno=５０１"),
        ("龙城国际十九栋一单元二零一", "houseno=十九栋 cellno=一单元 roomno=二零一"),
        ("万达广场A座1201", "houseno=A座 roomno=1201"),
        ("1号楼东单元5楼西户", "houseno=1号楼 cellno=东单元 floorno=5楼 roomno=西户"),
        ("东苑3幢甲单元", "houseno=3幢 cellno=甲单元"),
        ("银座商城负一楼", "floorno=负一楼"),
        ("银座商城B1层", "floorno=B1层"),
        ("银座商城-1层", "floorno=-1层"),
        ("银座商城3F", "floorno=3F"),
        ("五里桥一街甲1号院", "roadno=甲1号院"),
        ("解放路12号附3号", "roadno=12号附3号"),
        ("解放路12-3号", "roadno=12-3号"),
        ("解放路12-3", "roadno=12-3"),
        ("御景花庭17-1-302室", "houseno=17 cellno=1 roomno=302室"),
        ("御景花庭17幢1-302", "houseno=17幢 cellno=1 roomno=302"),
        ("御景花庭17-302", "houseno=17 roomno=302"),
        ("铁路小区12楼3门501", "houseno=12楼 cellno=3门 roomno=501"),
        ("康馨家园3、5、7号楼", "houseno=3、5、7号楼"),
        ("康馨家园1-6号楼", "houseno=1-6号楼"),
        ("东苑12号2单元301", "houseno=12号 cellno=2单元 roomno=301"),
        ("东苑5幢2单元301号", "houseno=5幢 cellno=2单元 roomno=301号"),
        ("酒仙桥路10号院1号楼一层", "roadno=10号院 houseno=1号楼 floorno=一层"),
        ("康营家园00区0号楼0单元0000号", "houseno=0号楼 cellno=0单元 roomno=0000号"),
        ("大厦第3层", "floorno=第3层"),
        ("服饰市场D2995", "roomno=D2995"),
        ("清泉花园191撞9单元", "houseno=191撞 cellno=9单元"),
        ("佳乐苑二栋一单749", "houseno=二栋 cellno=一单 roomno=749"),
        ("假山新村119栋166号1422", "houseno=119栋 cellno=166号 roomno=1422"),
        ("临江小区12幢11号", "houseno=12幢 roomno=11号"),
        ("百福公寓5幢", "houseno=5幢"),
        ("华领国际B3", "houseno=B3"),
        ("红黄路1号1幢29-5", "roadno=1号 houseno=1幢 roomno=29-5"),
        ("置地广场30层01、02单元", "floorno=30层 roomno=01、02单元"),
        ("置地广场18楼1801单元", "floorno=18楼 roomno=1801单元"),
        ("白堤路240号增6号", "roadno=240号增6号"),
        ("临江东路1999号7栋宿舍楼502", "roadno=1999号 houseno=7栋 roomno=502"),
        ("解放路8号嘉翔大厦1201", "roadno=8号 roomno=1201"),
        ("书香门第7号楼2单元", "houseno=7号楼 cellno=2单元"),
        ("房号二十号一单元", "houseno=二十号 cellno=一单元"),
        ("候店新村东区1 2 701", "houseno=1 cellno=2 roomno=701"),
        ("曹州嘉园5.1.501", "houseno=5 cellno=1 roomno=501"),
        ("龙城国际12和15号楼", "houseno=12和15号楼"),
        ("康馨家园2单元502楼道灯坏了", "cellno=2单元 roomno=502"),
        ("康馨家园16号楼1单元十七楼单元门", "houseno=16号楼 cellno=1单元 floorno=十七楼"),
        ("学府街87号门市", "roadno=87号"),
        ("康馨家园1单元601号楼道里全是杂物", "cellno=1单元 roomno=601号"),
        ("万象新城（三期）47号", "houseno=47号"),
        ("永昌路456号院4排3号", "roadno=456号院 roadno=4排3号"),
        ("东苑1幢1501-1", "houseno=1幢 roomno=1501-1"),
        ("国际商贸城2区3楼店面12345", "floorno=3楼 roomno=12345"),
    ]);
}

#[test]
fn what_is_no_number_of_a_place_is_left() {
    check(&[
        ("地铁2号线龙翔桥站3号口", ""),
        ("下沙6号大街", ""),
        ("电话13805301234", ""),
        ("中山社区第一网格", ""),
        ("二十一中东门", ""),
        ("三里屯太古里", ""),
        ("路口往东50米路北", ""),
        ("2021-3-12晚上8:30停电", ""),
        ("坐101路公交", ""),
        ("", ""),
    ]);
}

/// Letters of addresses, so that chance finds the grammar's corners.
const LETTERS: &str = "[0-9０-９①②A-Cf一二三十百零甲乙东西负第附地下号楼栋幢座单元门层室房户弄院组路街村小区苑、，。/～\\-—#＃ 🙏\u{200b}]{0,24}";

proptest! {
    #[test]
    fn any_text_is_cut_into_ordered_spans_inside_it(text in any::<String>()) {
        sound(&text)?;
    }

    #[test]
    fn any_row_of_address_letters_is_cut_into_ordered_spans_inside_it(text in LETTERS) {
        sound(&text)?;
    }

    #[test]
    fn a_clean_address_gives_back_its_numbers(house in 1_u32..200, cell in 1_u32..12, room in 101_u32..3_399) {
        let wanted = format!("houseno={house}号楼 cellno={cell}单元 roomno={room}室");
        prop_assert_eq!(said(&format!("阳光花园{house}号楼{cell}单元{room}室")), wanted);
    }

    #[test]
    fn story_before_an_address_changes_no_number(story in "[停水电了麻烦快来人看看你好]{0,12}") {
        let wanted = "houseno=3号楼 cellno=2单元 roomno=501";
        prop_assert_eq!(said(&format!("{story}，阳光花园3号楼2单元501")), wanted);
    }
}

fn sound(text: &str) -> Result<(), TestCaseError> {
    let length = text.chars().count();
    let mut free = 0;
    for span in cut(text) {
        prop_assert!(span.start >= free && span.start < span.end && span.end <= length);
        free = span.end;
    }
    Ok(())
}
